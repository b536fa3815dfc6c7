"""The web's composition root: pages, API, push and lifespan meet here and nowhere else."""

import reflex as rx


def index() -> rx.Component:
    """A first page, so that the frontend builds."""
    return rx.heading("hospital-ops")


app = rx.App()
app.add_page(index, route="/")
