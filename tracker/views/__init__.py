"""Pages: the dashboard, the reading page, downloads, signing in, health. They decide nothing."""
