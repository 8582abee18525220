"""What can be wrong about an answer."""

from tongtai.core.errors import TongtaiError


class IntakeError(TongtaiError):
    """An answer cannot be taken."""

    code = "intake_refused"


class UnknownItemError(IntakeError):
    """The form has no such item."""

    code = "intake_item_unknown"


class UnknownUnitError(IntakeError):
    """The item is not given in this unit; the values name those that are."""

    code = "intake_unit_unknown"


class WrongAnswerError(IntakeError):
    """The answer is not of the item's kind; the values say what is wanted."""

    code = "intake_answer_wrong"


class FormError(IntakeError):
    """The file of the form is not as it must be."""

    code = "intake_form_wrong"
