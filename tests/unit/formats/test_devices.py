"""Device tables: published rows reproduced, nothing extrapolated unasked, wrong charts refused."""

from functools import partial

import numpy as np
import pytest

from tongtai.core.coverage.devices import DeviceKind, Evidence
from tongtai.core.coverage.errors import ChartError, OutsideTableError, UnknownDeviceError
from tongtai.formats.devices import CHART_COLUMNS, packaged_catalogue, packaged_perfusion, read_chart

CATALOGUE = packaged_catalogue()
HE = CATALOGUE.table("mwa-2450-cooled-he2010", Evidence.EX_VIVO)


def test_every_published_row_is_there_with_its_source():
    rows = [row for table in CATALOGUE.tables for row in table.rows]
    assert len(rows) == 107
    assert all(row.source for row in rows)
    assert len({table.table_id for table in CATALOGUE.tables}) == len(CATALOGUE.tables)


@pytest.mark.parametrize(
    ("device", "within"),
    [
        ("rfa-uniblate-103c-luo2010", 0.012),
        ("rfa-uniblate-83c-luo2010", 0.012),
        ("rfa-uniblate-93c-luo2010", 0.012),
        ("rfa-uniblate-113c-luo2010", 0.012),
        ("rfa-cooltip-ji2011", 0.025),
        ("mwa-2450-cooled-ji2011", 0.025),
        ("rfa-cooled-3cm-huang2012", 0.075),  # means of groups with SD of 5 mm
    ],
)
def test_published_volumes_are_those_of_ellipsoids(device, within):
    rows = CATALOGUE.table(device).rows
    assert rows
    for row in rows:
        assert row.short_mm is not None
        assert row.long_mm is not None
        ellipsoid = np.pi / 6 * row.short_mm**2 * row.long_mm / 1000
        assert ellipsoid == pytest.approx(row.volume_ml, rel=within)


def test_a_listed_setting_gives_its_row():
    for row in HE.usable:
        assert row.power_w is not None
        assert row.time_min is not None
        zone = HE.zone(power_w=row.power_w, time_min=row.time_min)
        assert (zone.short_mm, zone.long_mm, zone.sources) == (row.short_mm, row.long_mm, (row.source,))
        assert not zone.extrapolated


def test_between_rows_sizes_are_linear_in_time_and_power():
    in_time = HE.zone(power_w=50.0, time_min=9.0)
    assert (in_time.short_mm, in_time.long_mm) == (35.5, 50.0)
    assert "interpolated" in in_time.statement
    # At 9 min: 40 W (30, 42) to (32, 45) gives 31, 43.5; at 45 W half way to 50 W.
    in_both = HE.zone(power_w=45.0, time_min=9.0)
    assert (in_both.short_mm, in_both.long_mm) == pytest.approx(((31 + 35.5) / 2, (43.5 + 50) / 2))


@pytest.mark.parametrize(("power", "time"), [(50, 30), (50, 2), (80, 10), (10, 10), (80, 30)])
def test_outside_the_table_is_refused_unless_asked_for_and_then_said(power, time):
    with pytest.raises(OutsideTableError, match="30 to 50 W, 6 to 16 min"):
        HE.zone(power_w=power, time_min=time)
    zone = HE.zone(power_w=power, time_min=time, extrapolate=True)
    assert zone.extrapolated
    assert "extrapolated beyond the table, which holds 30 to 50 W, 6 to 16 min" in zone.statement


def test_extrapolation_continues_the_last_two_rows():
    # 50 W: 43 mm at 14 min, 45 mm at 16 min.
    assert HE.zone(power_w=50.0, time_min=18.0, extrapolate=True).short_mm == pytest.approx(47.0)


def test_one_row_says_nothing_about_other_settings():
    table = CATALOGUE.table("mwa-2450-cooled-ji2011")
    assert table.zone(power_w=80.0, time_min=12.0).long_mm == 59.0
    for extrapolate in (False, True):
        with pytest.raises(OutsideTableError):
            table.zone(power_w=80.0, time_min=10.0, extrapolate=extrapolate)


def test_rows_without_axes_or_time_stay_listed_with_the_reason():
    unusable = {t.device_id: t.rows[0].unusable for t in CATALOGUE.tables if not t.usable}
    assert unusable["rfa-cooltip-clusters-2005"] == "no single pair of axes is given"
    assert unusable["mwa-cooled-kuang2006"] == "no single pair of axes is given"
    assert unusable["rfa-cooled-3cm-huang2012"] == "no time is given"


def test_in_vivo_is_preferred_to_ex_vivo():
    assert CATALOGUE.table("mwa-2450-cooled-he2010").evidence is Evidence.IN_VIVO
    with pytest.raises(UnknownDeviceError, match="kettle"):
        CATALOGUE.table("kettle")


def test_devices_are_found_by_technique_kind_and_frequency():
    assert {t.technique for t in CATALOGUE.usable("rfa")} == {"rfa"}
    assert {t.kind for t in CATALOGUE.usable("rfa", kind=DeviceKind.BIPOLAR)} == {DeviceKind.BIPOLAR}
    at_2450 = CATALOGUE.usable("mwa", frequency_mhz=2450.0)
    assert {t.device_id for t in at_2450} >= {"mwa-2450-cooled-he2010", "mwa-2450-uncooled-he2010"}
    assert CATALOGUE.usable("mwa", frequency_mhz=915.0) == ()


def test_settings_by_current_name_it():
    table = CATALOGUE.table("rfa-monopolar-gas-rempp2014")
    assert {size.current_ma for size in table.settings} == {1100.0, 1150.0, 1200.0, 1250.0, 1300.0}
    assert table.settings[0].setting == "1100 mA 12.62 min"


def test_perfusion_regression_is_that_of_the_paper():
    regression = packaged_perfusion()
    for x in (10.0, 27.0, 50.0):
        short, long = regression.axes_mm(x)
        assert short == pytest.approx(10 * (3.925 - 0.044 * x), abs=1e-6)
        assert np.pi / 6 * short**2 * long / 1000 == pytest.approx(31.574 - 0.556 * x, abs=1e-6)


def test_perfusion_correction_scales_both_axes_and_keeps_its_limits():
    regression = packaged_perfusion()
    zone = CATALOGUE.table("rfa-cooltip-pmc3438625").settings[0]
    ask = partial(regression.corrected, zone, technique="rfa", table_perfusion_ml_min_100g=20.0)
    same = ask(perfusion_ml_min_100g=20.0)
    assert (same.short_mm, same.long_mm) == pytest.approx((zone.short_mm, zone.long_mm))
    less = ask(perfusion_ml_min_100g=40.0)
    assert less.short_mm == pytest.approx(zone.short_mm * 21.65 / 30.45)
    assert "perfusion 20 to 40" in less.statement
    with pytest.raises(OutsideTableError, match="10 to 50"):
        ask(perfusion_ml_min_100g=60.0)
    with pytest.raises(OutsideTableError, match="no zone"):
        ask(perfusion_ml_min_100g=60.0, extrapolate=True)
    with pytest.raises(OutsideTableError, match="rfa only"):
        ask(technique="mwa", perfusion_ml_min_100g=20.0)
    bloodless = regression.corrected(
        zone, technique="rfa", perfusion_ml_min_100g=20.0, table_perfusion_ml_min_100g=0.0, extrapolate=True
    )
    assert bloodless.extrapolated
    assert bloodless.short_mm < zone.short_mm


CHART = (
    ",".join(CHART_COLUMNS)
    + "\n"
    + (
        "Maker A1,mwa,915,cluster,ex vivo bovine liver,45,5,22,40,6,Chart 2024\n"
        "Maker A1,mwa,915,cluster,ex vivo bovine liver,45,10,30,45,6,Chart 2024\n"
        "Maker B,rfa,,umbrella,as stated,150,12,30,32,0,Booklet\n"
    )
)


def test_a_makers_chart_is_read_and_joins_the_catalogue():
    both = CATALOGUE.with_chart(read_chart("\ufeff" + CHART))
    assert both.usable("mwa", frequency_mhz=915.0)[0].zone(power_w=45, time_min=7.5).short_mm == 26.0
    assert both.table("maker-b").kind is DeviceKind.UMBRELLA
    assert both.table("maker-b").evidence is Evidence.STATED_BY_MAKER
    assert both.table("maker-a1").zone_beyond_tip_mm == 6.0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("power_w,", "watts,", "lacks the columns power_w"),
        ("45,5,22,40", "45,5,forty,40", "Line 2: short_axis_mm"),
        ("45,5,22,40", "45,5,2200,4000", "Line 2: short_axis_mm"),
        ("45,5,22,40", "45,5,41,40", "exceeds the long axis"),
        ("45,5,22,40", "45,,22,40", "Line 2: time_min"),
        ("45,10,30", "45,5,30", "Line 3: the setting 45 W, 5 min comes twice"),
        ("6,Chart 2024\n", "6,\n", "Line 2: name the device and the source"),
        ("mwa,915,cluster,ex vivo bovine liver,45,10", "mwa,2450,cluster,ex vivo bovine liver,45,10", "differently"),
        ("rfa,,umbrella", "laser,,umbrella", "technique is rfa or mwa"),
        ("rfa,,umbrella", "rfa,,whisk", "the kind"),
    ],
)  # fmt: skip
def test_a_wrong_chart_is_refused_with_its_line(old, new, said):
    with pytest.raises(ChartError, match=said):
        read_chart(CHART.replace(old, new, 1))


def test_an_empty_chart_is_refused():
    with pytest.raises(ChartError, match="no rows"):
        read_chart(",".join(CHART_COLUMNS) + "\n")
