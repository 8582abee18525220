"""What events about pictures change: drawings, held pictures, CT, feeds, recordings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tongtai.features.guidance.model.catalogue import FeedCondition, MediaCondition
from tongtai.features.guidance.model.event import Event
from tongtai.features.guidance.model.records import (
    Feed,
    FrozenPicture,
    Media,
    Push,
    Recording,
    SeriesProgress,
    ShownCt,
    Stroke,
)

if TYPE_CHECKING:
    from tongtai.features.guidance.model.state import SessionState

Changes = dict[str, Any]


def draw_added(state: "SessionState", event: Event) -> Changes:
    """Add the drawing."""
    payload = event.payload
    stroke = Stroke(
        stroke_id=payload["stroke_id"],
        surface=payload["surface"],
        tool=payload["tool"],
        points=tuple((x, y) for x, y in payload["points"]),
        text=payload.get("text"),
        colour=payload["colour"],
        width=payload["width"],
        by_id=event.actor.id,
        by_name=event.actor.name,
        t_ms=event.t_server_ms,
    )
    return {"strokes": (*state.strokes, stroke)}


def draw_undone(state: "SessionState", event: Event) -> Changes:
    """Remove one drawing."""
    stroke_id = event.payload["stroke_id"]
    return {"strokes": tuple(s for s in state.strokes if s.stroke_id != stroke_id)}


def draw_cleared(state: "SessionState", event: Event) -> Changes:
    """Remove a surface's drawings, all or the actor's own."""
    surface, mine_only = event.payload["surface"], event.payload["mine_only"]
    return {
        "strokes": tuple(
            stroke
            for stroke in state.strokes
            if not _same_surface(stroke.surface, surface) or (mine_only and stroke.by_id != event.actor.id)
        )
    }


def _same_surface(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    names = ("kind", "feed", "frozen", "series_uid", "sop_uid")
    # A surface without a frame is the first one.
    return (one.get("frame") or 1) == (other.get("frame") or 1) and all(
        one.get(name) == other.get(name) for name in names
    )


def picture_frozen(state: "SessionState", event: Event) -> Changes:
    """Hold a moment of a feed; drawings belong to their moment, so a new one starts clean."""
    payload = event.payload
    feed = payload["feed"]
    picture = FrozenPicture(
        freeze_id=payload["freeze_id"],
        feed=feed,
        jpeg_data_url=payload.get("jpeg_data_url"),
        by_id=event.actor.id,
        by_name=event.actor.name,
        since_ms=event.t_server_ms,
    )
    return {
        "frozen": {**state.frozen, feed: picture},
        "strokes": _without_frozen(state, state.frozen.get(feed)),
    }


def picture_unfrozen(state: "SessionState", event: Event) -> Changes:
    """Let the feed run again and drop what was drawn on the held moment."""
    freeze_id = event.payload["freeze_id"]
    picture = next((p for p in state.frozen.values() if p.freeze_id == freeze_id), None)
    return {
        "frozen": {f: p for f, p in state.frozen.items() if p.freeze_id != freeze_id},
        "strokes": _without_frozen(state, picture),
    }


def _without_frozen(state: "SessionState", picture: FrozenPicture | None) -> tuple[Stroke, ...]:
    if picture is None:
        return state.strokes
    return tuple(s for s in state.strokes if s.surface.get("frozen") != picture.freeze_id)


def ct_push_started(state: "SessionState", event: Event) -> Changes:
    """Begin a transfer."""
    payload = event.payload
    push = Push(
        push_id=payload["push_id"],
        source=payload["source"],
        declared_files=payload.get("declared_files"),
        started_ms=event.t_server_ms,
    )
    return {"pushes": {**state.pushes, push.push_id: push}}


def ct_series_progress(state: "SessionState", event: Event) -> Changes:
    """Count what has arrived of a series."""
    payload = event.payload
    push = state.pushes.get(payload["push_id"])
    if push is None:
        return {}
    series = SeriesProgress(
        study_uid=payload["study_uid"],
        series_uid=payload["series_uid"],
        description=payload["description"],
        received=payload["received"],
        expected=payload.get("expected"),
    )
    push = replace(push, series={**push.series, series.series_uid: series})
    return {"pushes": {**state.pushes, push.push_id: push}}


def ct_push_finished(state: "SessionState", event: Event) -> Changes:
    """End a transfer with its sums."""
    payload = event.payload
    push = state.pushes.get(payload["push_id"])
    if push is None:
        return {}
    push = replace(
        push,
        finished_ms=event.t_server_ms,
        received=payload["received"],
        rejected=payload["rejected"],
        duplicates=payload["duplicates"],
        seconds=payload["seconds"],
    )
    return {"pushes": {**state.pushes, push.push_id: push}}


def ct_shown(_state: "SessionState", event: Event) -> Changes:
    """Show a slice to the room."""
    payload = event.payload
    shown = ShownCt(
        study_uid=payload["study_uid"],
        series_uid=payload["series_uid"],
        sop_uid=payload["sop_uid"],
        frame=payload["frame"],
        window=payload["window"],
        by_id=event.actor.id,
        by_name=event.actor.name,
        since_ms=event.t_server_ms,
    )
    return {"shown_ct": shown}


def ct_hidden(_state: "SessionState", _event: Event) -> Changes:
    """Take the shown slice away."""
    return {"shown_ct": None}


def media_state(state: "SessionState", event: Event) -> Changes:
    """Set what the experts see; the time stays while the condition stays."""
    payload = event.payload
    condition = MediaCondition(payload["state"])
    same = state.media.state is condition
    media = Media(
        state=condition,
        delay_ms=payload.get("delay_ms"),
        loss=payload.get("loss"),
        fps=payload.get("fps"),
        reason=payload.get("reason"),
        since_ms=state.media.since_ms if same else event.t_server_ms,
    )
    return {"media": media}


def feed_state(state: "SessionState", event: Event) -> Changes:
    """Set what the gateway says of a feed."""
    feed = Feed(
        feed=event.payload["feed"],
        state=FeedCondition(event.payload["state"]),
        detail=event.payload.get("detail"),
        since_ms=event.t_server_ms,
    )
    return {"feeds": {**state.feeds, feed.feed: feed}}


def recording_uploaded(state: "SessionState", event: Event) -> Changes:
    """List a verified recording."""
    payload = event.payload
    recording = Recording(
        feed=payload["feed"],
        segment=payload["segment"],
        sha256=payload["sha256"],
        size=payload["size"],
        t_ms=event.t_server_ms,
    )
    return {"recordings": (*state.recordings, recording)}
