// Measures the page from inside: put into it before anything else by benchmarks/page.py.
//
// "written": from the first pointer handler of an event until every part has drawn what follows from it (the probe
// listens to the store last). "painted": until a task after the next frame; a canvas that only fills a rectangle is
// measured by the same clock in the same run.

window.probe = {
  written: [],
  painted: [],
  started: null,

  /** Subscribes behind all parts; `selector` is what the pointer moves over. */
  begin() {
    Object.assign(probe, { written: [], painted: [], started: null });
    probe.stop?.();
    const onMove = () => {
      probe.started = performance.now();
      probe.stamp = probe.started;
    };
    // a pointer that leaves a canvas says so before it moves on: by the clock of the move before, that took a frame
    for (const name of ["pointermove", "pointerout"]) addEventListener(name, onMove, true);
    const leave = window.explorer.store.subscribe((change) => {
      if (probe.started === null || !(change.hover || change.codebook)) return;
      const { stamp } = probe;
      if (change.codebook) probe.dragged = stamp;
      else if (probe.dragged === stamp) return; // the same event: counted when its code had moved
      probe.written.push(performance.now() - stamp);
      probe.afterPaint(stamp);
    });
    probe.stop = () => {
      for (const name of ["pointermove", "pointerout"]) removeEventListener(name, onMove, true);
      leave();
    };
  },

  /** Takes over a list into which a part writes its own times. */
  follow(timings) {
    Object.assign(probe, { written: [], painted: [] });
    timings.push = (time) => {
      probe.written.push(time);
      probe.afterPaint(performance.now() - time);
    };
  },

  afterPaint(from) {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => probe.painted.push(performance.now() - from);
      channel.port2.postMessage(0);
    });
  },

  /** A canvas over the page that does nothing but fill itself. */
  trivial() {
    Object.assign(probe, { written: [], painted: [] });
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { id: "probe-trivial", width: 280, height: 280 });
    canvas.style.cssText = "position:fixed;left:0;top:0;z-index:9999;width:280px;height:280px";
    const context = canvas.getContext("2d");
    canvas.addEventListener("pointermove", (event) => {
      const from = performance.now();
      context.fillStyle = `rgb(${event.offsetX % 256} 0 0)`;
      context.fillRect(0, 0, 280, 280);
      probe.written.push(performance.now() - from);
      probe.afterPaint(from);
    });
    document.body.append(canvas);
  },

  /** Frames per second while a plane is panned under a hand that moves at every frame. */
  async frames(side, count) {
    const { camera } = document.querySelector(`#ex-${side} .ex-plane-moving`).explorer;
    const step = camera.home.half / 400;
    const times = [];
    camera.zoomAt(camera.home.centre, 1.5);
    for (let i = 0; i <= count; i++) {
      camera.pan([step * (i % 40 < 20 ? 1 : -1), 0]);
      times.push(await new Promise(requestAnimationFrame));
    }
    camera.goHome();
    return times.slice(1).map((time, i) => time - times[i]);
  },

  /** Milliseconds of decoding and writing one picture, many times. */
  async decoding(decoderUrl, domUrl, program, numbers, count) {
    const [{ makeDecoder, halvesToFloats }, { bytesOf, paintPixels }] = await Promise.all([import(decoderUrl), import(domUrl)]);
    const decode = makeDecoder(program, halvesToFloats(bytesOf(numbers).buffer));
    const canvas = document.createElement("canvas");
    const [channels, height, width] = program.output;
    const times = [];
    for (let i = 0; i < count; i++) {
      const from = performance.now();
      paintPixels(canvas, decode([Math.sin(i), Math.cos(i)]), width, height, channels, 255);
      times.push(performance.now() - from);
      await new Promise((done) => setTimeout(done));
    }
    return times;
  },

  /** Tries to drag on both planes until each answers; the page's own clock began with the navigation. */
  watchFirstDrag() {
    const first = {};
    const attempt = (side, find) => {
      const canvas = document.querySelector(`#ex-${side} .ex-plane-moving`);
      const view = canvas?.explorer;
      const picture = document.querySelector(`#ex-${side} [data-picture=pointer] canvas`)?.explorer;
      if (!view?.frame || !picture || window.explorer.store.decoderState(side) !== "ready") return;
      const box = canvas.getBoundingClientRect();
      const [x, y] = find(view);
      const at = [box.left + view.frame.x(x), box.top + view.frame.y(y)];
      const before = picture.decodes;
      const send = (type, dx) =>
        canvas.dispatchEvent(new PointerEvent(type, {
          bubbles: true, pointerId: 1, pointerType: "mouse", button: type === "pointermove" ? -1 : 0, buttons: 1,
          clientX: at[0] + dx, clientY: at[1],
        }));
      send("pointerdown", 0);
      send("pointermove", 20);
      if (picture.decodes > before) first[side] = performance.now();
      send("pointercancel", 20);
    };
    const again = () => {
      if (!first.left) attempt("left", (view) => view.plane.selected.mean);
      if (!first.right) {
        attempt("right", (view) => {
          const code = view.plane.selected.indices[0];
          return [view.codebook.places[2 * code], view.codebook.places[2 * code + 1]];
        });
      }
      if (first.left && first.right) probe.first = first;
      else setTimeout(again, 10);
    };
    again();
  },
};
