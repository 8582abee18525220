"""Engines on two CTs of patients against TotalSegmentator's labels; the Dice of every organ is printed (``-s``)."""

import numpy as np
import pytest
from tests.support.masks import LABELLED, MODEL, dice, labelled_plain_ct, labelled_portal_ct

from tongtai.core.segmentation.structures import structure_named
from tongtai.formats.engine_names import CLASSICAL
from tongtai.formats.model_pack import PackStore
from tongtai.formats.segmentation_engines import engine_named
from tongtai.formats.totalsegmentator import class_names

pytestmark = [
    pytest.mark.shared,
    pytest.mark.verification,
    pytest.mark.skipif(not LABELLED.is_dir(), reason="no ../shared/data/ct-abdomen-organs"),
]

CTS = {"plain": labelled_plain_ct, "portal": labelled_portal_ct}
# What was reached when this was written, less three hundredths. The labels are a network's own, too.
LEAST = {
    ("plain", CLASSICAL): {
        "liver": 0.88, "spleen": 0.83, "kidney_left": 0.92, "kidney_right": 0.81, "bone": 0.85, "lung": 0.92,
    },
    ("portal", CLASSICAL): {"liver": 0.9, "spleen": 0.88, "aorta": 0.78},
    ("portal", "pack"): {"liver": 0.91, "spleen": 0.88, "aorta": 0.78},
}  # fmt: skip


def _truth(labels):
    masks: dict[str, np.ndarray] = {}
    for number, name in class_names().items():
        row = structure_named(name)
        if row is not None and np.any(labels == number):
            masks[row.key] = masks.get(row.key, False) | (labels == number)
    return masks


@pytest.mark.parametrize(("ct", "engine"), list(LEAST))
def test_organs_agree_with_the_labels(ct, engine, tmp_path):
    if engine == "pack" and not MODEL.is_dir():
        pytest.skip("no ../shared/models/liver-tumour-kiunet")
    image, labels = CTS[ct]()
    truth = _truth(labels)
    segmenter = engine_named(str(MODEL) if engine == "pack" else engine, PackStore(tmp_path))
    found = segmenter.segment(image)
    reached = {
        mask.structure.key: dice(mask.voxels, truth[mask.structure.key])
        for mask in found.masks
        if mask.structure.key in truth and mask.number == 1
    }
    print(f"\n{ct} CT, {segmenter.engine}")
    for key, value in sorted(reached.items(), key=lambda row: -row[1]):
        print(f"  {key:<20} Dice {value:.3f}")
    for key, least in LEAST[ct, engine].items():
        assert reached[key] >= least, key
