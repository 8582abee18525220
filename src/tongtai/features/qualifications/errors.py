"""What can be wrong about a qualification."""

from tongtai.core.errors import TongtaiError


class QualificationNotFoundError(TongtaiError):
    """There is no such qualification in your institution."""

    code = "qualification_not_found"


class QualificationHolderError(TongtaiError):
    """Such a qualification belongs to a person, or to an institution; the values say to which."""

    code = "qualification_holder"
