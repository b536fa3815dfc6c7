"""Reflex reads this. Everything that can change at run time comes from hospital_ops.config."""

import reflex as rx
from reflex.plugins.sitemap import SitemapPlugin
from reflex_base.constants import LogLevel

from hospital_ops.config import get_settings
from hospital_ops.infra.lean_pages import LeanRadix
from hospital_ops.infra.same_origin import SameOriginPlugin
from hospital_ops.theme import radix_theme

settings = get_settings()

config = rx.Config(
    app_name="hospital_ops",
    loglevel=LogLevel.WARNING,
    # One process and one port serve pages, API and socket. The built pages ask window.location, so neither
    # host nor port is baked in (infra/same_origin.py).
    frontend_port=settings.port,
    backend_port=settings.port,
    backend_host=settings.host,
    api_url=f"http://localhost:{settings.port}",
    deploy_url=None,
    # The default "*" would accept a socket from any site, with the person's cookie.
    cors_allowed_origins=settings.allowed_origins,
    trusted_proxy_hops=1 if settings.env == "production" else 0,
    redis_url=settings.redis_url,
    # ms. The first look at a model loads scikit-learn, and letting one serve loads it whole: over 10 s on a busy machine, where a tab's
    # lock of ten ended in "something went wrong" after the act was done.
    redis_lock_expiration=30_000,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["brotli", "gzip"],
    plugins=[SameOriginPlugin(), LeanRadix(theme=radix_theme())],
    disable_plugins=[SitemapPlugin],
)
