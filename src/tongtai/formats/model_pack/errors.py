"""What can be wrong with a model pack."""

from tongtai.core.segmentation.errors import SegmentationError


class ModelPackError(SegmentationError):
    """The model pack cannot be used."""

    code = "model_pack_unusable"


class ModelPackMissingError(ModelPackError):
    """There is no such model pack, or its model.onnx is missing."""

    code = "model_pack_missing"


class ModelPackUnknownError(ModelPackError):
    """The folder has no pack.toml, and its model is none that is known."""

    code = "model_pack_unknown"


class ModelPackChangedError(ModelPackError):
    """The model's checksum differs from the one in its card; fetch it again from its source."""

    code = "model_pack_changed"


class ModelPackExistsError(ModelPackError):
    """A pack of this name is installed; remove it first."""

    code = "model_pack_exists"
