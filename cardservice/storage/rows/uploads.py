"""The rows of ``cardservice.registry``."""

from cardservice.registry.ports_uploads import Upload, UploadRow

__all__ = ["Upload", "UploadRow"]
