"""Engines together: whose mask counts, and that no voxel is liver and bone at once."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from tests.support.masks import GRADE, box, segmentation, slices_of, small_phantom

from tongtai.core.phantom.tissues import Structure
from tongtai.core.segmentation.combination import CombinedSegmenter, consistent, merged
from tongtai.core.segmentation.masks import Segmentation, StructureMask
from tongtai.core.segmentation.naming import named, segmentation_from
from tongtai.core.segmentation.progress import report
from tongtai.core.segmentation.structures import structure
from tongtai.core.volumes import GridError

SHAPE = (12, 12, 12)
LIVER = box(SHAPE, (2, 10), (2, 10), (2, 10))


@dataclass(frozen=True)
class TruthAsNetwork:
    """An engine that marks liver and first tumour exactly."""

    start: int
    stop: int
    tumour: bool = True
    engine: str = "truth/1"

    def segment(self, image, progress):
        report(progress, 0.5, "truth")
        wanted = {"liver": Structure.LIVER, "liver_tumour": Structure.TUMOUR_1}
        masks = tuple(
            StructureMask(structure=structure(key), voxels=voxels, engine=self.engine, grade=GRADE)
            for key, source in wanted.items()
            if (voxels := small_phantom().mask(source).voxels[self.start : self.stop]).any()
            and (self.tumour or key == "liver")
        )
        missing = {} if self.tumour else {"liver_tumour": "none marked"}
        return Segmentation(grid=image, masks=masks, not_found=missing)


def test_a_network_decides_on_liver_and_tumour_and_the_rest_comes_from_elsewhere():
    image = slices_of(small_phantom().image, 22, 38)
    told = []
    engine = CombinedSegmenter(first=TruthAsNetwork(22, 38))
    found = engine.segment(image, lambda fraction, step: told.append(fraction))
    engines = {mask.structure.key: mask.engine for mask in found.masks}
    assert engines["liver"] == engines["liver_tumour"] == "truth/1"
    assert engines["bone"] == engines["body"] == "classical/1"
    assert "liver_lesion" not in engines
    assert engine.engine == "truth/1+classical/1"
    assert told == sorted(told)
    tumour = found.mask_of("liver_tumour")
    assert tumour is not None
    np.testing.assert_array_equal(
        tumour.voxels, small_phantom().mask(Structure.TUMOUR_1).voxels[22:38] & ~found.union_of(["bone"])
    )
    liver = found.union_of(["liver"])
    for key in ("bone", "lung", "kidney_right", "gallbladder", "bowel", "inferior_vena_cava"):
        assert not np.any(liver & found.union_of([key])), key


def test_where_a_network_finds_no_tumour_none_is_invented():
    image = slices_of(small_phantom().image, 22, 34)
    found = CombinedSegmenter(first=TruthAsNetwork(22, 34, tumour=False)).segment(image)
    assert not found.lesions()
    assert "no_lesion_found" in {finding.code for finding in found.findings}


def test_of_a_structure_in_both_the_first_counts():
    first = segmentation(SHAPE, liver=LIVER)
    second = segmentation(SHAPE, liver=~LIVER, spleen=~LIVER)
    second = replace(second, not_found={"liver": "not there", "aorta": "not there"})
    found = merged(first, second)
    assert found.mask_of("liver") is first.masks[0]
    assert found.mask_of("spleen") is second.masks[1]
    assert set(found.not_found) == {"aorta"}


def test_sharp_structures_win_over_the_liver_and_rough_ones_give_way():
    rib, bowel = box(SHAPE, (2, 4), (2, 10), (2, 10)), box(SHAPE, (6, 12), (2, 10), (2, 10))
    tumour = box(SHAPE, (3, 6), (3, 6), (3, 6))
    found = consistent(segmentation(SHAPE, liver=LIVER, bone=rib, bowel=bowel, liver_tumour=tumour))
    masks = {mask.name: mask.voxels for mask in found.masks}
    np.testing.assert_array_equal(masks["liver"], LIVER & ~rib)
    np.testing.assert_array_equal(masks["bone"], rib)
    np.testing.assert_array_equal(masks["bowel"], bowel & ~LIVER)
    np.testing.assert_array_equal(masks["liver_tumour"], tumour & ~rib)


def test_masks_that_a_person_drew_stay_as_they_are():
    rib = box(SHAPE, (2, 4), (2, 10), (2, 10))
    found = consistent(segmentation(SHAPE, liver=LIVER, bone=rib), keep={"liver"})
    np.testing.assert_array_equal(found.union_of(["liver"]), LIVER)


def test_a_mask_that_loses_every_voxel_goes():
    inside = box(SHAPE, (4, 6), (4, 6), (4, 6))
    assert consistent(segmentation(SHAPE, liver=LIVER, bowel=inside)).mask_of("bowel") is None


def test_names_of_another_program_are_joined_and_tumours_numbered():
    grid = segmentation(SHAPE).grid
    ribs = {f"rib_left_{n}": box(SHAPE, (n, n + 1), (0, 2), (0, 2)) for n in (1, 3, 5)}
    tumours = box(SHAPE, (0, 5), (4, 9), (4, 9)) | box(SHAPE, (8, 12), (8, 12), (8, 12))
    crumb = np.zeros(SHAPE, np.bool_)
    crumb[11, 0, 0] = True
    masks = named({**ribs, "liver_tumor": tumours | crumb, "brain": LIVER})
    found, unused = segmentation_from(grid, masks, engine="other/1", grade=GRADE)
    assert unused == ("brain",)
    np.testing.assert_array_equal(found.union_of(["bone"]), np.logical_or.reduce(list(ribs.values())))
    # A single voxel of 1 mm³ is below the 65 µl of a ball of 5 mm.
    first, *others = found.lesions()
    assert (first.number, int(first.voxels.sum())) == (1, 125)
    assert not others


def test_a_correction_keeps_the_engine_and_names_the_editor():
    before = segmentation(SHAPE, liver=LIVER)
    after = before.corrected(before.masks[0], ~LIVER, editor="Dr. Zhou")
    mask = after.mask_of("liver")
    assert mask is not None
    assert (mask.editor, mask.engine) == ("Dr. Zhou", "test/1")
    np.testing.assert_array_equal(mask.voxels, ~LIVER)
    np.testing.assert_array_equal(before.masks[0].voxels, LIVER)


def test_masks_of_another_shape_or_kind_are_no_segmentation():
    whole = segmentation(SHAPE, liver=LIVER)
    with pytest.raises(GridError, match="shape"):
        replace(whole, masks=(replace(whole.masks[0], voxels=LIVER[1:]),))
    with pytest.raises(GridError, match="twice"):
        replace(whole, masks=whole.masks * 2)
    with pytest.raises(GridError, match="truth values"):
        replace(whole.masks[0], voxels=LIVER.astype(np.uint8))
