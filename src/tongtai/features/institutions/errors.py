"""What can be wrong about an institution or an operating room."""

from tongtai.core.errors import TongtaiError


class InstitutionNotFoundError(TongtaiError):
    """There is no such institution."""

    code = "institution_not_found"


class OperatingRoomNotFoundError(TongtaiError):
    """There is no such operating room."""

    code = "operating_room_not_found"


class NameTakenError(TongtaiError):
    """The name is taken; choose another."""

    code = "name_taken"


class NotAnInvitingInstitutionError(TongtaiError):
    """Only a hospital that invites has operating rooms."""

    code = "not_an_inviting_institution"
