"""`python -m config.servers [COMMAND…]`: throw-away servers for one command, or until Ctrl-C, printing their URLs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from config.servers.pair import environment, throwaway
from config.servers.parts import PartError
from config.servers.programs import MissingProgramError


def main(command: list[str]) -> int:
    """Run the command beside throw-away servers and return its exit status; 3 if a server can't start."""
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        with throwaway(os.environ) as urls:
            variables = environment(urls)
            if command:
                return subprocess.run(command, env=variables | os.environ, check=False).returncode
            for name, value in variables.items():
                sys.stdout.write(f"export {name}='{value}'\n")
            sys.stdout.flush()
            signal.pause()
    except (PartError, MissingProgramError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 3
    except KeyboardInterrupt:
        return 130
    return 0


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
