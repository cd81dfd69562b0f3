"""``cardservice clinics``: desks of clinics, signs of abuse, and the service that desks ask."""

from typing import Final

from cardservice.cli.lazy import LazyCommand, LazyGroup

clinics: Final = LazyGroup(
    "clinics",
    help="Desks of clinics: enrolled, answered, ended; and signs of abuse.",
    table={
        "code": LazyCommand("cardservice.cli.clinics_desks", "code", "Codes to enrol desks with."),
        "desk": LazyCommand("cardservice.cli.clinics_desks", "desk", "Desks that are enrolled."),
        "sign": LazyCommand("cardservice.cli.clinics_signs", "sign", "Signs of abuse."),
        "serve": LazyCommand(
            "cardservice.serving.clinics_command", "serve_command", "Start the desks' service."
        ),
    },
)
