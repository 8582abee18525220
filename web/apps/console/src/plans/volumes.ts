/** The voxels that a plan was made from, and its structures on the same grid. */
import { useQuery } from "@tanstack/react-query";
import { type AnyStoredPlan, planFileUrl } from "@tongtai/api-client";
import {
  doseVoxels,
  fetchBytes,
  fetchJson,
  greyVoxels,
  type GridHeader,
  gunzip,
  labelVoxels,
  type Voxels,
} from "@tongtai/viewer-core/plan";
import { useState } from "react";

import { hashOf } from "./queries";

/** A structure of the label volume; the colour is `#rrggbb`. */
export interface LabelEntry {
  readonly value: number;
  readonly name: string;
  readonly colour: string;
}

interface LabelHeader extends GridHeader {
  readonly labels: readonly { readonly value: number; readonly name: string; readonly rgb: readonly number[] }[];
}

export interface LabelVolume {
  readonly voxels: Voxels<Uint8Array>;
  readonly entries: readonly LabelEntry[];
}

const entryOf = ({ value, name, rgb }: LabelHeader["labels"][number]): LabelEntry => ({
  value,
  name,
  colour: `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`,
});

/** Hundreds of megabytes are not kept for longer than somebody looks at them. */
const KEPT_MS = 30_000;

export function useLabels(caseId: string, stored: AnyStoredPlan) {
  const sha256 = hashOf(stored, "labels.bin.gz");
  const url = (name: string): string => planFileUrl(caseId, stored.summary.id, name);
  return useQuery({
    queryKey: ["plan-labels", caseId, stored.summary.id, sha256],
    enabled: sha256 !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    queryFn: async ({ signal }): Promise<LabelVolume> => {
      const [header, packed] = await Promise.all([
        fetchJson<LabelHeader>(url("labels.json"), signal),
        fetchBytes(url("labels.bin.gz"), signal),
      ]);
      return { voxels: labelVoxels(header, await gunzip(packed)), entries: header.labels.map(entryOf) };
    },
  });
}

/** Tumour and margin on the same grid; plans made before there was such a file have none. */
export function useTarget(caseId: string, stored: AnyStoredPlan) {
  const sha256 = hashOf(stored, "target.bin.gz");
  const url = (name: string): string => planFileUrl(caseId, stored.summary.id, name);
  return useQuery({
    queryKey: ["plan-target", caseId, stored.summary.id, sha256],
    enabled: sha256 !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    queryFn: async ({ signal }): Promise<Voxels<Uint8Array>> => {
      const [header, packed] = await Promise.all([
        fetchJson<GridHeader>(url("labels.json"), signal),
        fetchBytes(url("target.bin.gz"), signal),
      ]);
      return labelVoxels(header, await gunzip(packed));
    },
  });
}

/** The CT itself; tells how much of it has come. */
export function useGrey(caseId: string, stored: AnyStoredPlan) {
  const file = stored.files.find(({ name }) => name === "image.bin.gz");
  const url = (name: string): string => planFileUrl(caseId, stored.summary.id, name);
  const [received, setReceived] = useState(0);
  const query = useQuery({
    queryKey: ["plan-image", caseId, stored.summary.id, file?.sha256],
    enabled: file !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    queryFn: async ({ signal }) => {
      const header = await fetchJson<GridHeader>(url("image.json"), signal);
      return greyVoxels(header, await gunzip(await fetchBytes(url("image.bin.gz"), signal, setReceived)));
    },
  });
  return { ...query, received_bytes: received, total_bytes: file?.size ?? 0, missing: file === undefined };
}

/** The dose of seeds around the target; a plan without seeds has none. */
export function useDose(caseId: string, stored: AnyStoredPlan) {
  const sha256 = hashOf(stored, "dose.bin.gz");
  const url = (name: string): string => planFileUrl(caseId, stored.summary.id, name);
  return useQuery({
    queryKey: ["plan-dose", caseId, stored.summary.id, sha256],
    enabled: sha256 !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    queryFn: async ({ signal }): Promise<Voxels<Float32Array>> => {
      const [header, packed] = await Promise.all([
        fetchJson<GridHeader>(url("dose.json"), signal),
        fetchBytes(url("dose.bin.gz"), signal),
      ]);
      return doseVoxels(header, await gunzip(packed));
    },
  });
}
