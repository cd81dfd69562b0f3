"""A folder as card printer: a PDF a chip, for its owner's eyes only, whole or not at all."""

from pathlib import Path

from cardservice.personalization.printing import FaceJob, LaneStopError
from cardservice.printing.folders import prepare_private_folder
from cardservice.uploads.vault_files import is_there, write_private


class PdfFilePrinter:
    """Writes each face as ``<chip serial in hex>.pdf``.

    Args:
        folder: made if it is not there; only its owner may enter it.

    Raises:
        UsageError: others may enter the folder, or it cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = prepare_private_folder(folder)

    def print_face(self, job: FaceJob) -> str:
        """Write the file; return its name. It is on the disk when this returns.

        Raises:
            LaneStopError: ``face-already-printed``: there is a file for this chip;
                ``print-failed``: the disk refused.
        """
        path = self._folder / f"{job.name}.pdf"
        if is_there(path):
            sentence = "There is a print file for this chip already; look which card has its face."
            raise LaneStopError("face-already-printed", sentence)
        try:
            write_private(path, [job.document])
        except OSError as error:
            sentence = f"The print file cannot be written: {error.strerror}."
            raise LaneStopError("print-failed", sentence) from None
        return path.name
