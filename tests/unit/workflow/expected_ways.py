"""Every way between states, written out by hand: act, from, to. Independent of the program's table."""

FORWARD = """
submit          draft           submitted
submit          returned        submitted
return          submitted       returned
accept          submitted       accepted
decline         submitted       declined
revise          declined        draft
schedule_mdt    accepted        mdt_scheduled
decide_mdt      mdt_scheduled   mdt_decided
ask_for_more    mdt_decided     returned
begin_planning  mdt_decided     planning
approve_plan    planning        plan_approved
plan_again      plan_approved   planning
issue_opinion   plan_approved   opinion_issued
issue_opinion   mdt_decided     opinion_issued
decide          opinion_issued  decision_made
plan_again      decision_made   planning
close_untreated decision_made   closed
schedule        decision_made   scheduled
make_ready      scheduled       ready
stand_down      ready           scheduled
sign_in         ready           signed_in
time_out        signed_in       time_out_ok
begin_procedure time_out_ok     in_procedure
sign_out        in_procedure    signed_out
sign_out        aborted         signed_out
abort           in_procedure    aborted
order_care      signed_out      post_op
report          post_op         reported
begin_follow_up reported        follow_up
close           follow_up       closed
close           cancelled       closed
close           death           closed
archive         closed          archived
"""

_BEFORE = (
    "draft submitted returned accepted mdt_scheduled mdt_decided planning plan_approved opinion_issued "
    "decision_made scheduled ready signed_in time_out_ok"
)
BEFORE = _BEFORE.split()
CANCELS = [*BEFORE, "declined", "suspended"]
_DIES = (
    "submitted returned accepted mdt_scheduled mdt_decided planning plan_approved opinion_issued "
    "decision_made scheduled ready signed_in time_out_ok in_procedure aborted signed_out post_op "
    "reported follow_up suspended"
)
DIES = _DIES.split()

EXPECTED: frozenset[tuple[str, str, str]] = frozenset(
    [
        *((act, source, target) for act, source, target in map(str.split, FORWARD.strip().splitlines())),
        *(("cancel", state, "cancelled") for state in CANCELS),
        *(("suspend", state, "suspended") for state in BEFORE),
        *(("resume", "suspended", state) for state in BEFORE),
        *(("note_death", state, "death") for state in DIES),
    ]
)
