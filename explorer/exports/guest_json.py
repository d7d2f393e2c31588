"""What is known of a guest as the JSON that the API gives."""

from typing import Any

from model_zoo.guest import Guest


def guest_json(guest: Guest) -> dict[str, Any]:
    """Its title, and under `guest` where it is from and how its own files were read; null where a scores file has
    none."""
    labels, view = guest.labels, guest.view
    return {
        "title": f"{guest.source}, a guest",
        "guest": {
            "source": guest.source,
            "revision": guest.revision,
            "form": guest.form,
            "file": guest.model,
            "labels": labels.describe() if labels else None,
            "margin": view.margin if view else None,
            "resized": view.resized if view else None,
            "resampling": view.resampling if view else None,
        },
    }
