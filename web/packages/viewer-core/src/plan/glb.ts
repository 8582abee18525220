/** Reads the surfaces of a plan's `scene.glb`: a container with a JSON part and one binary part (glTF 2.0, chapter 4). */
import { ViewerError } from "../errors";

/** One named surface in LPS millimetres. */
export interface ScenePart {
  readonly name: string;
  /** x, y, z of each vertex. */
  readonly points: Float32Array;
  readonly normals: Float32Array | null;
  /** Three vertices a triangle. */
  readonly triangles: Uint32Array;
  /** Red, green, blue 0…1 as shown on a screen (sRGB). */
  readonly colour: readonly [number, number, number];
  readonly opacity: number;
}

interface Accessor {
  readonly bufferView: number;
  readonly byteOffset?: number;
  readonly componentType: number;
  readonly count: number;
}
interface Gltf {
  readonly asset: { readonly extras?: { readonly plan_sha256?: string } };
  readonly nodes: readonly { readonly name?: string; readonly mesh?: number }[];
  readonly meshes: readonly {
    readonly primitives: readonly {
      readonly attributes: { readonly POSITION: number; readonly NORMAL?: number };
      readonly indices: number;
      readonly material?: number;
    }[];
  }[];
  readonly materials?: readonly {
    readonly pbrMetallicRoughness?: { readonly baseColorFactor?: readonly number[] };
  }[];
  readonly accessors: readonly Accessor[];
  readonly bufferViews: readonly { readonly byteOffset?: number; readonly byteLength: number }[];
}

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FLOAT = 5126;
const UNSIGNED_INT = 5125;

function chunksOf(bytes: Uint8Array): Map<number, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw new ViewerError("decode_failed", "not a binary glTF file");
  }
  const chunks = new Map<number, Uint8Array>();
  for (let at = HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.byteLength;) {
    const size = view.getUint32(at, true);
    chunks.set(view.getUint32(at + 4, true), bytes.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + size));
    at += CHUNK_HEADER_BYTES + size;
  }
  return chunks;
}

/** glTF's colours are light; a screen's are its square root or so (IEC 61966-2-1). */
const shown = (linear: number): number => (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055);

/** Every surface of the file with its name, in the file's order. */
export function readScene(bytes: Uint8Array): ScenePart[] {
  const chunks = chunksOf(bytes);
  const text = chunks.get(JSON_CHUNK);
  const binary = chunks.get(BINARY_CHUNK);
  if (!text || !binary) throw new ViewerError("decode_failed", "a part of the glTF file is missing");
  const gltf = JSON.parse(new TextDecoder().decode(text)) as Gltf;

  const numbersAt = (index: number | undefined, type: number, width: number): Uint8Array<ArrayBuffer> => {
    const accessor = gltf.accessors[index ?? -1];
    const place = gltf.bufferViews[accessor?.bufferView ?? -1];
    if (!accessor || !place || accessor.componentType !== type) {
      throw new ViewerError("decode_failed", `glTF accessor ${String(index)}`);
    }
    const start = (place.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
    // A copy starts at a multiple of four, whatever the file's chunks do.
    return binary.slice(start, start + accessor.count * width * 4) as Uint8Array<ArrayBuffer>;
  };
  const floats = (index: number | undefined): Float32Array => new Float32Array(numbersAt(index, FLOAT, 3).buffer);

  return gltf.nodes.flatMap(({ name, mesh }) => {
    const primitive = gltf.meshes[mesh ?? -1]?.primitives[0];
    if (!primitive || name === undefined) return [];
    const factor = gltf.materials?.[primitive.material ?? -1]?.pbrMetallicRoughness?.baseColorFactor ?? [1, 1, 1, 1];
    const [red = 1, green = 1, blue = 1, opacity = 1] = factor;
    return {
      name,
      points: floats(primitive.attributes.POSITION),
      normals: primitive.attributes.NORMAL === undefined ? null : floats(primitive.attributes.NORMAL),
      triangles: new Uint32Array(numbersAt(primitive.indices, UNSIGNED_INT, 1).buffer),
      colour: [shown(red), shown(green), shown(blue)] as const,
      opacity,
    };
  });
}
