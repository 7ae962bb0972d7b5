"""How days and numbers are written in each language of the screens (`FORMAT_MODULE_PATH`)."""
