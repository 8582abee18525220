import { afterEach, describe, expect, it, vi } from "vitest";

import { paintSlice, withoutAlpha } from "./paint";
import { scaleBar } from "./scale";
import {
  type CtSlice,
  decoderMetadata,
  type DicomJson,
  inReadingOrder,
  isPlaced,
  loadSeries,
  renderedUrl,
  slicesOfInstance,
  stacksOf,
} from "./series";
import { presetOf, WINDOW_PRESETS } from "./windows";

const ADDRESS = { root: "/api/cases/c1/dicomweb", studyUid: "1.2", seriesUid: "1.2.3" };

const instance = (sopUid: string, z: number, more: DicomJson = {}): DicomJson => ({
  "00080018": { vr: "UI", Value: [sopUid] },
  "00080032": { vr: "TM", Value: ["104115.5"] },
  "00080060": { vr: "CS", Value: ["CT"] },
  "00200032": { vr: "DS", Value: [-100, -100, z] },
  "00200037": { vr: "DS", Value: [1, 0, 0, 0, 1, 0] },
  "00280010": { vr: "US", Value: [512] },
  "00280011": { vr: "US", Value: [512] },
  "00280030": { vr: "DS", Value: [0.57, 0.57] },
  ...more,
});

const answerWith = (body: BodyInit | null, status = 200): void => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status })));
};

afterEach(() => vi.unstubAllGlobals());

describe("reading a series", () => {
  it("orders slices from head to feet, whatever order they arrive in", async () => {
    answerWith(JSON.stringify([instance("a", 1.6), instance("b", 4.8), instance("c", 3.2)]));
    const slices = await loadSeries(ADDRESS);
    expect(slices.map(({ sopUid }) => sopUid)).toEqual(["b", "c", "a"]);
    expect(slices[0]).toMatchObject({ time: "10:41:15", modality: "CT", frame: 1, window: null });
    expect(slices[0]?.imageId).toBe("wadors:/api/cases/c1/dicomweb/studies/1.2/series/1.2.3/instances/b/frames/1");
  });

  it("gives every frame of a multi-frame object its own picture and skips objects without pixels", () => {
    const clip = instance("clip", 0, { "00280008": { vr: "IS", Value: [3] } });
    expect(slicesOfInstance(ADDRESS, clip).map(({ frame }) => frame)).toEqual([1, 2, 3]);
    expect(slicesOfInstance(ADDRESS, { "00080018": { vr: "UI", Value: ["report"] } })).toEqual([]);
  });

  it("keeps a window without width, as real scanners write it, away from the decoder", () => {
    const broken = { "00281050": { vr: "DS", Value: [0] }, "00281051": { vr: "DS", Value: [0] } };
    const good = { "00281050": { vr: "DS", Value: [40] }, "00281051": { vr: "DS", Value: [400] } };
    const windowWidth = (more: DicomJson): unknown =>
      slicesOfInstance(ADDRESS, instance("a", 0, more)).map((slice) => decoderMetadata(slice)["00281051"]?.Value)[0];
    expect(windowWidth(broken)).toBeUndefined();
    expect(windowWidth(good)).toEqual([400]);
  });

  const acquired = (sopUid: string, z: number, acquisition: string): CtSlice[] =>
    slicesOfInstance(ADDRESS, instance(sopUid, z, { "00200012": { vr: "IS", Value: [acquisition] } }));

  it("never mixes phases that cover the same part of the patient", () => {
    const slices = [
      ...acquired("portal feet", 1, "10"),
      ...acquired("arterial feet", 0, "9"),
      ...acquired("arterial head", 2, "9"),
      ...acquired("portal head", 3, "10"),
    ];
    const names = (stack: readonly CtSlice[]): string[] => stack.map(({ sopUid }) => sopUid);
    expect(names(inReadingOrder(slices))).toEqual(["arterial head", "arterial feet", "portal head", "portal feet"]);
    expect(stacksOf(slices).map(names)).toEqual([
      ["arterial feet", "arterial head"],
      ["portal feet", "portal head"],
    ]);
  });

  it("keeps turns of the gantry, one behind the other, as one stack", () => {
    const slices = [
      ...acquired("a", 0, "1"),
      ...acquired("b", 1, "1"),
      ...acquired("c", 2, "2"),
      ...acquired("d", 3, "2"),
    ];
    expect(stacksOf(slices)).toEqual([slices]);
    expect(inReadingOrder(slices).map(({ sopUid }) => sopUid)).toEqual(["d", "c", "b", "a"]);
  });

  it("falls back to the instance number when one slice has no place", () => {
    const one = slicesOfInstance(ADDRESS, instance("one", 0, { "00200013": { vr: "IS", Value: [2] } }));
    const two = slicesOfInstance(ADDRESS, instance("two", 9, { "00200032": { vr: "DS" } }));
    expect(isPlaced(two[0] ?? {})).toBe(false);
    expect(inReadingOrder([...one, ...two]).map(({ sopUid }) => sopUid)).toEqual(["two", "one"]);
  });

  it.each([
    [404, "not_found"],
    [403, "no_access"],
    [500, "server_error"],
  ])("says what a status %i means", async (status, code) => {
    answerWith("", status);
    await expect(loadSeries(ADDRESS)).rejects.toMatchObject({ code });
  });

  it("refuses an answer that is not DICOM JSON and an unreachable server", async () => {
    answerWith("<html>");
    await expect(loadSeries(ADDRESS)).rejects.toMatchObject({ code: "not_dicom_json" });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("refused")));
    await expect(loadSeries(ADDRESS)).rejects.toMatchObject({ code: "server_unreachable" });
  });

  it.each(["PALETTE COLOR", "YBR_FULL_422", "YBR_RCT", "RGB"])("fetches %s as the server's picture", (photometric) => {
    const colour: DicomJson = {
      "00280002": { vr: "US", Value: [1] },
      "00280004": { vr: "CS", Value: [photometric] },
      "00280100": { vr: "US", Value: [16] },
      "00281050": { vr: "DS", Value: [40] },
      "00281051": { vr: "DS", Value: [400] },
    };
    const [slice] = slicesOfInstance(ADDRESS, instance("us", 0, colour));
    if (!slice) throw new Error("no picture");
    expect(slice).toMatchObject({ colour: true, window: null });
    const url = "/api/cases/c1/dicomweb/studies/1.2/series/1.2.3/instances/us/frames/1";
    expect(slice.imageId).toBe(`rendered:${url}`);
    expect(renderedUrl(slice.imageId)).toBe(`${url}/rendered`);
    const told = decoderMetadata(slice);
    expect([told["00280002"], told["00280004"], told["00280100"]].map((one) => one?.Value?.[0])).toEqual([3, "RGB", 8]);
    expect(told["00281051"]).toBeUndefined();
  });

  it("leaves grey to the decoders, as it is stored", () => {
    const [slice] = slicesOfInstance(ADDRESS, instance("ct", 0, { "00280004": { vr: "CS", Value: ["MONOCHROME1"] } }));
    expect(slice).toMatchObject({ colour: false });
    expect(slice?.imageId.startsWith("wadors:")).toBe(true);
  });

  it("drops the alpha of a picture", () => {
    expect([...withoutAlpha([1, 2, 3, 255, 4, 5, 6, 255])]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("takes an empty series as no pictures yet", async () => {
    answerWith(null, 204);
    await expect(loadSeries(ADDRESS)).resolves.toEqual([]);
  });
});

describe("windows, grey levels and scale", () => {
  it("paints the window's bounds black and white, and inverts MONOCHROME1", () => {
    const grey = { width: 3, height: 1, components: 1, values: [1024 - 160, 1065, 1264], slope: 1 } as const;
    const pixels = { ...grey, intercept: -1024, inverted: false };
    const red = (bytes: Uint8ClampedArray): number[] => [0, 4, 8].map((at) => bytes[at] ?? -1);
    expect(red(paintSlice(pixels, WINDOW_PRESETS.abdomen))).toEqual([0, 128, 255]);
    expect(red(paintSlice({ ...pixels, inverted: true }, WINDOW_PRESETS.abdomen))).toEqual([255, 127, 0]);
  });

  it("keeps colours as they are", () => {
    const colour = { width: 1, height: 1, components: 3, values: [1, 2, 3], slope: 1, intercept: 0 } as const;
    expect([...paintSlice({ ...colour, inverted: false }, WINDOW_PRESETS.bone)]).toEqual([1, 2, 3, 255]);
  });

  it("knows a preset by its numbers", () => {
    expect(presetOf({ center: 80, width: 150 })).toBe("liver");
    expect(presetOf({ center: 81, width: 150 })).toBeNull();
  });

  it("chooses the longest round length that fits", () => {
    expect(scaleBar(0.5, 120)).toEqual({ lengthMm: 50, lengthPx: 100 });
    expect(scaleBar(0, 120)).toBeNull();
  });
});
