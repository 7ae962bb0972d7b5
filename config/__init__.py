"""Settings, addresses, the Celery application, and what starts them. Empty, so that the launcher starts at once."""
