"""Recorded segments become MP4 that browsers play: time kept, masks in the pictures themselves."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from tests.support.recorded import RATE, plain_picture, record, record_sound

from tongtai.core.pictures.masking import Mask
from tongtai.formats.replay_video import RecordingUnreadableError, write_masked_mp4, write_mp4

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
LABEL = Mask(left=0, top=0, right=0.4, bottom=0.25)


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    made = record(tmp_path, feed="ct", case_id="case_1", started_at=NOW)
    return tmp_path / made.file_name


def pictures(path: Path) -> list[tuple[float, np.ndarray]]:
    """Time (s) and luma of each picture."""
    with av.open(str(path)) as container:
        return [(float(frame.time), frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]


def test_the_packets_and_their_times_are_kept(segment: Path, tmp_path: Path):
    write_mp4(segment, tmp_path / "made.mp4")
    before, after = pictures(segment), pictures(tmp_path / "made.mp4")
    assert [time for time, _ in after] == pytest.approx([n / RATE for n in range(50)], abs=0.001)
    assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(before, after, strict=True))


def test_the_index_stands_in_front(segment: Path, tmp_path: Path):
    write_mp4(segment, tmp_path / "made.mp4")
    content = (tmp_path / "made.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_a_segment_that_a_kill_cut_off_is_played_until_there(segment: Path, tmp_path: Path):
    whole = segment.read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    write_mp4(cut, tmp_path / "made.mp4")
    assert 10 < len(pictures(tmp_path / "made.mp4")) < 50


def test_what_browsers_do_not_play_is_encoded_anew(tmp_path: Path):
    with av.open(str(tmp_path / "camera.mkv"), "w") as container:
        stream = container.add_stream("mjpeg", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuvj420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(plain_picture(number), format="yuv420p")
            frame.pts, frame.time_base = number * 40, Fraction(1, 1000)
            container.mux(stream.encode(frame.reformat(format="yuvj420p")))
        container.mux(stream.encode(None))
    write_mp4(tmp_path / "camera.mkv", tmp_path / "made.mp4")
    with av.open(str(tmp_path / "made.mp4")) as made:
        assert made.streams.video[0].codec_context.name == "h264"
    assert [time for time, _ in pictures(tmp_path / "made.mp4")] == pytest.approx(
        [n * 0.04 for n in range(10)], abs=0.001
    )


def test_sound_stays_what_it_is(tmp_path: Path):
    made = record_sound(tmp_path, case_id="case_1", started_at=NOW)
    write_mp4(tmp_path / made.file_name, tmp_path / "made.mp4")
    with av.open(str(tmp_path / "made.mp4")) as container:
        assert container.streams.audio[0].codec_context.name == "opus"
        assert sum(frame.samples for frame in container.decode(audio=0)) >= 47_000


def test_what_is_no_recording_is_refused(tmp_path: Path):
    (tmp_path / "no.mkv").write_bytes(b"no recording" * 100)
    with pytest.raises(RecordingUnreadableError):
        write_mp4(tmp_path / "no.mkv", tmp_path / "made.mp4")


def test_a_mask_is_in_every_picture_and_nowhere_else(segment: Path, tmp_path: Path):
    write_masked_mp4(segment, tmp_path / "made.mp4", [LABEL])
    recorded, covered = pictures(segment), pictures(tmp_path / "made.mp4")
    assert [time for time, _ in covered] == pytest.approx([time for time, _ in recorded], abs=0.001)
    for (_, before), (_, after) in zip(recorded, covered, strict=True):
        # The label is there before, and nothing brighter than black is left of it.
        assert before[6:18, 6:56].min() > 200
        assert after[:24, :64].max() < 20
        # Beyond the sharp edge and its ringing the picture is the same.
        assert np.abs(after[34:, :].astype(int) - before[34:, :]).max() < 12


def test_the_masked_copy_has_no_sound(tmp_path: Path, segment: Path):
    write_masked_mp4(segment, tmp_path / "made.mp4", [])
    with av.open(str(tmp_path / "made.mp4")) as made:
        assert [stream.type for stream in made.streams] == ["video"]
    sound = record_sound(tmp_path / "sound", case_id="case_1", started_at=NOW)
    with pytest.raises(RecordingUnreadableError):
        write_masked_mp4(tmp_path / "sound" / sound.file_name, tmp_path / "no.mp4", [LABEL])


@pytest.mark.parametrize("edges", [(0.5, 0, 0.5, 1), (0, 0, 1.01, 1), (-0.1, 0, 1, 1), (0, 1, 1, 0.5)])
def test_a_mask_has_an_area_within_the_picture(edges: tuple[float, ...]):
    left, top, right, bottom = edges
    with pytest.raises(ValueError, match="area"):
        Mask(left=left, top=top, right=right, bottom=bottom)
