/** The patient's surfaces in three dimensions, in a window that turns. This file alone knows vtk.js's scene. */
import "@kitware/vtk.js/Rendering/OpenGL/Profiles/Geometry";

import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray";
import vtkPolyData from "@kitware/vtk.js/Common/DataModel/PolyData";
import vtkInteractorStyleTrackballCamera from "@kitware/vtk.js/Interaction/Style/InteractorStyleTrackballCamera";
import vtkActor from "@kitware/vtk.js/Rendering/Core/Actor";
import vtkMapper from "@kitware/vtk.js/Rendering/Core/Mapper";
import vtkRenderer from "@kitware/vtk.js/Rendering/Core/Renderer";
import vtkRenderWindow from "@kitware/vtk.js/Rendering/Core/RenderWindow";
import vtkRenderWindowInteractor from "@kitware/vtk.js/Rendering/Core/RenderWindowInteractor";
import vtkOpenGLRenderWindow from "@kitware/vtk.js/Rendering/OpenGL/RenderWindow";
import { cross, type OrientationMarks, unit, type Vector3, directionLetters, times } from "@tongtai/geometry";

import { ViewerError } from "../errors";
import type { ScenePart } from "./glb";

/** From where the patient is looked at. */
export type SceneSide = "front" | "right" | "left" | "head";

export interface SceneView {
  /** Shows these surfaces; the first time the camera takes them all in. */
  setParts(parts: readonly ScenePart[]): void;
  /** Shows only the surfaces with these names. */
  setVisible(names: ReadonlySet<string>): void;
  lookFrom(side: SceneSide): void;
  /** Looks along a direction of the patient at a point of it. */
  lookAlong(direction: Vector3, at: Vector3): void;
  /** Turns the camera about the patient, degrees. */
  turn(right_deg: number, up_deg: number): void;
  /** More than 1 enlarges. */
  zoom(factor: number): void;
  resize(): void;
  destroy(): void;
}

export interface SceneEvents {
  /** Which sides of the patient the borders of the picture face, whenever the camera has moved. */
  onTurned(marks: OrientationMarks): void;
}

const SIDES: Readonly<Record<SceneSide, { readonly from: Vector3; readonly up: Vector3 }>> = {
  front: { from: [0, -1, 0], up: [0, 0, 1] },
  right: { from: [-1, 0, 0], up: [0, 0, 1] },
  left: { from: [1, 0, 0], up: [0, 0, 1] },
  head: { from: [0, 0, 1], up: [0, -1, 0] },
};
const BACKGROUND: [number, number, number] = [0.043, 0.059, 0.078];
/** Air around what is shown when the whole of it is taken in. */
const ROOM = 1.06;

function actorOf(part: ScenePart): vtkActor {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(part.points, 3);
  const cells = new Uint32Array((part.triangles.length / 3) * 4);
  for (let from = 0, to = 0; from < part.triangles.length; from += 3, to += 4) {
    cells[to] = 3;
    cells[to + 1] = part.triangles[from] as number;
    cells[to + 2] = part.triangles[from + 1] as number;
    cells[to + 3] = part.triangles[from + 2] as number;
  }
  data.getPolys().setData(cells);
  if (part.normals) {
    const normals = vtkDataArray.newInstance({ name: "Normals", values: part.normals, numberOfComponents: 3 });
    data.getPointData().setNormals(normals);
  }
  const mapper = vtkMapper.newInstance({ scalarVisibility: false });
  mapper.setInputData(data);
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  const [red, green, blue] = part.colour;
  actor.getProperty().setColor(red, green, blue);
  actor.getProperty().setOpacity(part.opacity);
  actor.getProperty().setAmbient(0.25);
  actor.getProperty().setDiffuse(0.85);
  actor.getProperty().setSpecular(part.opacity < 1 ? 0 : 0.15);
  return actor;
}

/** A turning scene keeps up when a picture takes at most this long. */
const SMOOTH_MS = 40;
const COARSEST = 0.3;
/** Without a graphics processor: what is hardly seen is left out while the scene turns. */
const SLOW_MS = 150;
const FAINT = 0.15;

/** How fine the picture is while it turns: as fine as this machine can draw smoothly. A still picture is always whole. */
function createPace() {
  let whole_ms = SMOOTH_MS;
  return {
    drawn(duration_ms: number): void {
      whole_ms = duration_ms;
    },
    isSlow: (): boolean => whole_ms > SLOW_MS,
    /** Share of the sides; the time goes with the area. */
    share: (): number => Math.max(COARSEST, Math.min(1, Math.sqrt(SMOOTH_MS / whole_ms))),
  };
}

/** Drawing is only asked for; reading a pixel waits until it has been done. */
function waitForPicture(view: vtkOpenGLRenderWindow): void {
  const gl = view.getCanvas()?.getContext("webgl2");
  gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

function makeView(container: HTMLElement): vtkOpenGLRenderWindow {
  const view = vtkOpenGLRenderWindow.newInstance();
  view.setContainer(container);
  if (!view.get3DContext({ preserveDrawingBuffer: true, depth: true, alpha: true })) {
    view.delete();
    throw new ViewerError("no_webgl", "no WebGL context for the scene");
  }
  return view;
}

/** Opens the scene in an element; throws `no_webgl` where the browser has no 3-D. */
export async function createSceneView(container: HTMLElement, events: SceneEvents): Promise<SceneView> {
  const renderWindow = vtkRenderWindow.newInstance();
  const renderer = vtkRenderer.newInstance({ background: BACKGROUND });
  renderWindow.addRenderer(renderer);
  const view = makeView(container);
  renderWindow.addView(view);
  const interactor = vtkRenderWindowInteractor.newInstance();
  const style = vtkInteractorStyleTrackballCamera.newInstance();
  interactor.setInteractorStyle(style);
  interactor.setView(view);
  interactor.initialize();
  interactor.bindEvents(container);
  const camera = renderer.getActiveCamera();
  // Parallel, so that lengths compare wherever they lie.
  camera.setParallelProjection(true);
  const actors = new Map<string, vtkActor>();
  /** Surfaces that one hardly sees; they cost as much as the others. */
  const faint = new Set<string>();
  let visible: ReadonlySet<string> = new Set();
  const pace = createPace();
  let looked = false;
  let told = "";

  const report = (): void => {
    const forward = camera.getDirectionOfProjection() as unknown as Vector3;
    const up = camera.getViewUp() as unknown as Vector3;
    const right = unit(cross(forward, up));
    const top = cross(right, forward);
    const marks = {
      right: directionLetters(right),
      left: directionLetters(times(right, -1)),
      top: directionLetters(top),
      bottom: directionLetters(times(top, -1)),
    };
    const letters = Object.values(marks).join(" ");
    if (letters !== told) events.onTurned(marks);
    told = letters;
  };
  const draw = (): void => {
    renderer.resetCameraClippingRange();
    const began_ms = performance.now();
    renderWindow.render();
    waitForPicture(view);
    pace.drawn(performance.now() - began_ms);
    report();
  };
  const showOnly = (wanted: (name: string) => boolean): void => {
    for (const [name, actor] of actors) actor.setVisibility(visible.has(name) && wanted(name));
  };
  const setResolution = (share: number): void => {
    const { width, height } = container.getBoundingClientRect();
    if (width < 1 || height < 1) return;
    const ratio = devicePixelRatio * share;
    view.setSize(Math.max(1, Math.floor(width * ratio)), Math.max(1, Math.floor(height * ratio)));
  };
  const watched = [
    style.onInteractionEvent(report),
    style.onStartInteractionEvent(() => {
      setResolution(pace.share());
      if (pace.isSlow()) showOnly((name) => !faint.has(name));
    }),
    style.onEndInteractionEvent(() => {
      setResolution(1);
      showOnly(() => true);
      draw();
    }),
  ];

  /** Enlarges until what is visible just fits. */
  const fit = (): void => {
    const [width, height] = view.getSize();
    const [x0, x1, y0, y1, z0, z1] = renderer.computeVisiblePropBounds();
    const size: Vector3 = [x1 - x0, y1 - y0, z1 - z0];
    const up = camera.getViewUp() as unknown as Vector3;
    const right = cross(camera.getDirectionOfProjection() as unknown as Vector3, up);
    const extent = (axis: Vector3): number =>
      size.reduce((sum, one, index) => sum + one * Math.abs(axis[index] ?? 0), 0);
    const scale = Math.max(extent(up), (extent(right) * height) / width) / 2;
    if (scale > 0 && Number.isFinite(scale)) camera.setParallelScale(scale * ROOM);
  };
  const lookFrom = (side: SceneSide): void => {
    const { from, up } = SIDES[side];
    camera.setFocalPoint(0, 0, 0);
    camera.setPosition(from[0], from[1], from[2]);
    camera.setViewUp(up[0], up[1], up[2]);
    renderer.resetCamera();
    fit();
    draw();
  };
  const resize = (): void => {
    setResolution(1);
    draw();
  };

  resize();
  return {
    setParts(parts) {
      for (const actor of actors.values()) {
        renderer.removeActor(actor);
        actor.delete();
      }
      actors.clear();
      faint.clear();
      visible = new Set(parts.map(({ name }) => name));
      for (const part of parts) {
        const actor = actorOf(part);
        actors.set(part.name, actor);
        if (part.opacity < FAINT) faint.add(part.name);
        renderer.addActor(actor);
      }
      if (looked) draw();
      else lookFrom("front");
      looked = true;
    },
    setVisible(names) {
      visible = names;
      showOnly(() => true);
      draw();
    },
    lookFrom,
    lookAlong(direction, at) {
      const [x, y, z] = unit(direction);
      const distance = camera.getDistance();
      camera.setFocalPoint(...at);
      camera.setPosition(at[0] - x * distance, at[1] - y * distance, at[2] - z * distance);
      const up: Vector3 = Math.abs(z) > 0.9 ? [0, -1, 0] : [0, 0, 1];
      camera.setViewUp(up[0], up[1], up[2]);
      draw();
    },
    turn(right_deg, up_deg) {
      camera.azimuth(-right_deg);
      camera.elevation(up_deg);
      camera.orthogonalizeViewUp();
      draw();
    },
    zoom(factor) {
      camera.setParallelScale(camera.getParallelScale() / factor);
      draw();
    },
    resize,
    destroy() {
      for (const one of watched) one.unsubscribe();
      interactor.unbindEvents();
      interactor.delete();
      for (const actor of actors.values()) actor.delete();
      view.setContainer(null as unknown as HTMLElement);
      view.delete();
      renderWindow.delete();
    },
  };
}
