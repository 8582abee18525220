"""Model packs: only a network that is the one its card speaks of may make masks."""

import shutil

import numpy as np
import pytest
from tests.support.masks import MODEL, dice, ellipsoid, volume
from tests.support.networks import CARD, threshold_network, write_pack

from tongtai.core.segmentation.errors import UnsuitableImageError
from tongtai.core.segmentation.masks import Quality
from tongtai.core.segmentation.network.segmenter import NetworkSegmenter
from tongtai.formats.model_pack import (
    ModelPackChangedError,
    ModelPackError,
    ModelPackExistsError,
    ModelPackMissingError,
    ModelPackUnknownError,
    PackStore,
    open_network,
    read_pack,
)
from tongtai.formats.model_pack.reading import known_cards, read_card


def test_a_pack_makes_the_masks_that_its_arithmetic_says(tmp_path):
    """Through file, ONNX Runtime, tiles, resampling and back: the liver is what lies above 0 HU."""
    pack = read_pack(write_pack(tmp_path / "pack"))
    liver = ellipsoid((20, 40, 44), (19.0, 20.0, 22.0), (14.0, 15.0, 16.0), (2.0, 1.0, 1.0))
    tumour = ellipsoid((20, 40, 44), (19.0, 18.0, 20.0), (6.0, 5.0, 5.0), (2.0, 1.0, 1.0))
    hounsfield = np.where(tumour, 150, np.where(liver, 60, -120)).astype(np.int16)
    network = NetworkSegmenter(card=pack.card, infer=open_network(pack, threads=1))
    result = network.segment(volume(hounsfield, (2.0, 1.0, 1.0)))
    found = {mask.name: mask for mask in result.masks}
    assert set(found) == {"liver", "liver_tumour"}
    np.testing.assert_array_equal(found["liver"].voxels, liver)
    np.testing.assert_array_equal(found["liver_tumour"].voxels, tumour)
    assert found["liver"].engine == "pack/thresholds/1"
    assert found["liver"].grade.quality is Quality.MEASURED
    assert found["liver"].grade.dice == 1.0
    assert found["liver_tumour"].grade.quality is Quality.FAIR


def test_other_spacings_are_brought_to_the_networks_and_back(tmp_path):
    pack = read_pack(write_pack(tmp_path / "pack"))
    spacing = (3.0, 0.7, 1.4)
    liver = ellipsoid((16, 60, 32), (22.0, 20.0, 22.0), (15.0, 15.0, 16.0), spacing)
    network = NetworkSegmenter(card=pack.card, infer=open_network(pack, threads=1))
    result = network.segment(volume(np.where(liver, 80, -80).astype(np.int16), spacing))
    mask = result.mask_of("liver")
    assert mask is not None
    assert dice(mask.voxels, liver) > 0.97
    assert result.volume_ml(mask) == pytest.approx(4.0 / 3.0 * np.pi * 15 * 15 * 16 / 1000.0, rel=0.03)


def test_numbers_that_are_not_finite_are_refused(tmp_path):
    pack = read_pack(write_pack(tmp_path / "pack"))
    hounsfield = np.full((10, 20, 20), 50.0, np.float32)
    hounsfield[5, 5, 5] = np.nan
    network = NetworkSegmenter(card=pack.card, infer=open_network(pack, threads=1))
    with pytest.raises(UnsuitableImageError, match="not finite"):
        network.segment(volume(hounsfield))


def test_a_changed_model_is_refused(tmp_path):
    folder = write_pack(tmp_path / "pack")
    (folder / "model.onnx").write_bytes(threshold_network(thresholds=(0.1, 0.5)))
    with pytest.raises(ModelPackChangedError, match="SHA-256"):
        read_pack(folder)


def test_a_folder_without_model_or_card_is_refused(tmp_path):
    with pytest.raises(ModelPackMissingError, match=r"model\.onnx"):
        read_pack(tmp_path)
    folder = write_pack(tmp_path / "pack")
    (folder / "pack.toml").unlink()
    with pytest.raises(ModelPackUnknownError, match=r"pack\.toml"):
        read_pack(folder)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('licence = "CC0-1.0"\n', "", "lacks 'licence'"),
        ('licence = "CC0-1.0"\n', 'licence = ""\n', "licence"),
        ('sha256 = "{sha256}"\n', "", "sha256"),
        ("[output]", "[output", "not TOML"),
        ('structure = "liver"', 'structure = "hepar"', "hepar"),
        ("channel = 2", "channel = 3", "without gaps"),
        ("windows = 1000", "windows = 0", "empty"),
        ("window_hu = [-200.0, 200.0]", "window_hu = [200.0, -200.0]", "empty"),
        ("\nstride = [4, 8, 8]", "\nstride = [9, 8, 8]", "strides"),
        ("patch = [8, 16, 16]", "patch = [8, 16]", "wrong kind"),
        ('orientation = "LPS"', 'orientation = "RAS"', "RAS"),
        ("{{ spacing_mm = 2.0 }}", "{{ spacing_mm = 2.0, size = 8 }}", "either"),
        ("scale_hu = 200.0", "scale_hu = 200.0\nscale = 1", "unknown entries: scale"),
        ('contains = ["liver_tumour"]', 'contains = ["spleen"]', "spleen"),
        ('structure = "liver_tumour"', 'structure = "liver"', "another structure"),
        ("dice = 1.0", "dice = 93.8", "Dice"),
    ],
)
def test_a_card_that_lacks_or_contradicts_is_refused(tmp_path, old, new, match):
    assert old in CARD
    folder = write_pack(tmp_path / "pack", card=CARD.replace(old, new))
    with pytest.raises(ModelPackError, match=match):
        read_pack(folder)


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(b"not a network", id="no network"),
        pytest.param(threshold_network(patch=(8, 16, 12)), id="another patch"),
        pytest.param(threshold_network(thresholds=(0.0, 0.5, 0.8)), id="another number of labels"),
        pytest.param(threshold_network(tensor="mr"), id="another tensor"),
    ],
)
def test_a_network_that_its_card_does_not_describe_is_refused(tmp_path, model):
    pack = read_pack(write_pack(tmp_path / "pack", model=model))
    with pytest.raises(ModelPackError):
        open_network(pack, threads=1)


def test_packs_are_added_listed_and_removed(tmp_path):
    store = PackStore(tmp_path / "models")
    assert store.installed() == []
    source = write_pack(tmp_path / "source")
    assert store.add(source).card.name == "thresholds"
    assert [found.name for found in store.installed()] == ["thresholds"]
    assert (tmp_path / "models" / "thresholds" / "LICENSE").is_file()
    with pytest.raises(ModelPackExistsError):
        store.add(source)
    store.remove("thresholds")
    assert store.installed() == []
    with pytest.raises(ModelPackMissingError, match="none"):
        store.pack("thresholds")


@pytest.mark.parametrize("name", ["../secrets", "..", "", "UPPER", "a/b"])
def test_names_that_are_no_packs_reach_no_folder(tmp_path, name):
    store = PackStore(tmp_path / "models")
    (tmp_path / "secrets").mkdir()
    for ask in (store.pack, store.remove):
        with pytest.raises(ModelPackMissingError):
            ask(name)
    assert (tmp_path / "secrets").is_dir()


def test_a_pack_that_cannot_run_leaves_nothing_in_the_store(tmp_path):
    store = PackStore(tmp_path / "models")
    with pytest.raises(ModelPackError):
        store.add(write_pack(tmp_path / "source", model=b"not a network"))
    with pytest.raises(ModelPackError, match="small letters"):
        store.add(
            write_pack(tmp_path / "other", card=CARD.replace('name = "thresholds"', 'name = "../x"', 1))
        )
    assert not (tmp_path / "models").exists()


def test_a_pack_that_was_changed_later_is_listed_as_unusable(tmp_path):
    store = PackStore(tmp_path / "models")
    store.add(write_pack(tmp_path / "source"))
    (tmp_path / "models" / "thresholds" / "model.onnx").write_bytes(b"changed")
    (found,) = store.installed()
    assert found.pack is None
    assert "SHA-256" in found.problem


def test_the_cards_that_come_with_the_program_are_sound():
    for digest, text in known_cards().items():
        card = read_card(text)
        assert card.sha256 == digest
        assert card.licence
        assert card.limits


@pytest.mark.shared
@pytest.mark.skipif(not MODEL.is_dir(), reason="no ../shared/models/liver-tumour-kiunet")
def test_the_published_network_is_known_by_its_checksum_and_loads(tmp_path):
    shutil.copyfile(MODEL / "model.onnx", tmp_path / "model.onnx")
    pack = read_pack(tmp_path)
    assert pack.card.name == "liver-tumour-kiunet"
    open_network(pack, threads=1)
