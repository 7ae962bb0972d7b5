"""The API: version 1 under /api/v1/. It reads; what may be read is decided in `tracker.rights`."""
