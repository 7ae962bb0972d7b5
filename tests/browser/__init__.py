"""A real browser for tests and for the README's pictures; used only where Chromium is installed."""
