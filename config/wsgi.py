"""What gunicorn serves."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from config import celery
from tracker.bell import bell

application = get_wsgi_application()
# Tasks named in this process go to our broker and not to Celery's default.
celery_app = celery.app
# Nobody who is served waits for Redis.
bell.behind()
