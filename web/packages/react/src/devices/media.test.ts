import { describe, expect, it } from "vitest";

import { deviceLabel, deviceProblem, levelOf } from "./media";

describe("devices", () => {
  it.each([
    ["NotAllowedError", "device", "denied"],
    ["NotAllowedError", "screen", "cancelled"],
    ["NotReadableError", "device", "in_use"],
    ["OverconstrainedError", "device", "not_found"],
    ["TypeError", "device", "insecure"],
    ["Strange", "device", "unknown"],
  ] as const)("a %s of a %s is %s", (name, kind, problem) => {
    expect(deviceProblem(new DOMException("x", name), kind)).toBe(problem);
  });

  it("numbers devices whose names the browser hides", () => {
    expect(deviceLabel({ label: "" } as MediaDeviceInfo, 1, "Camera")).toBe("Camera 2");
    expect(deviceLabel({ label: "Capture card" } as MediaDeviceInfo, 1, "Camera")).toBe("Capture card");
  });

  it("measures loudness from silence to full scale", () => {
    expect(levelOf([0, 0, 0])).toBe(0);
    expect(levelOf([1, -1, 1])).toBe(1);
    expect(levelOf([0.0316, -0.0316])).toBeCloseTo(0.5, 2);
  });
});
