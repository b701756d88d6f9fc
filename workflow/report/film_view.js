// A frame with a picture of a film, or with the film itself. The film comes in pieces, each made when it is asked for.
class FilmView {
  // `root` is an empty element; `moved` is called when another moment of the film is shown.
  constructor(root, moved = () => {}) {
    this.root = root; this.moved = moved; this.pieceLength = 20; this.boxes = []; this.stills = []; this.until = 0; this.at = 0; this.end = Infinity;
    this.still = element("img", { hidden: true, alt: "A frame of the film" });
    this.film = element("video", { hidden: true, muted: true, playsInline: true });
    this.marks = element("div", {});
    this.note = element("div", { className: "note", hidden: true });
    this.button = element("button", { className: "play" }, "Play", element("kbd", { textContent: "space" }));
    root.replaceChildren(this.still, this.film, this.marks, this.note, this.button);
    this.film.onended = () => { if (this.at + .5 < Math.min(this.until, this.end)) this.seek((this.piece + 1) * this.pieceLength + .01, this.until); };
    const follow = () => { if (root.isConnected) this.follow(); requestAnimationFrame(follow); };
    follow();
  }
  get isFilm() { return !this.film.hidden; }
  // Whether a moment of the film is shown, or will be as soon as its piece is made.
  get isAtMoment() { return this.film.hasAttribute("src"); }
  get isPlaying() { return this.isFilm && !this.film.paused; }
  get piece() { return Number((this.film.getAttribute("src") || "/0").split("/").pop()); }
  // Show a picture; `box` is a part of it, as shares of the frame: left, top, width, height.
  picture(address, text, box) {
    this.stop();
    this.still.onload = () => this.shape(this.still.naturalWidth / this.still.naturalHeight);
    this.still.onerror = () => this.say("There is no picture: the film is not here, or cannot be read.");
    Object.assign(this.still, { src: address, alt: text, hidden: false });
    this.marks.replaceChildren(...(box ? [this.mark(box)] : []));
  }
  stop() {
    this.film.pause(); this.film.hidden = true; this.film.removeAttribute("src"); this.still.hidden = true;
    this.note.hidden = true; this.marks.replaceChildren();
  }
  // Show film number `number` at a time, in seconds, and play it until another; `tracks` are the boxes that matter, `stills` the times of
  // the stills of a burst.
  show(number, time, until, tracks, end, stills = []) { Object.assign(this, { number, tracks, end, stills }); this.seek(time, until); }
  seek(time, until) {
    this.at = Math.max(0, Math.min(time, this.end)); this.until = until;
    const piece = Math.floor(this.at / this.pieceLength), address = `piece/${this.number}/${piece}`;
    const begin = () => { this.film.currentTime = this.at - piece * this.pieceLength; if (this.at < until) this.film.play().catch(() => {}); };
    this.moved();
    if (this.film.getAttribute("src") === address && this.film.readyState > 0) { begin(); return; }
    if (this.isFilm) this.stop();  // Else the beginning of the next piece would be taken for the moment while it is made.
    this.say("Making the film …");
    this.boxes = [];
    ask(`boxes/${this.number}?begin=${piece * this.pieceLength}&end=${(piece + 1) * this.pieceLength}`).then(found => { this.boxes = found; }, () => {});
    this.film.setAttribute("src", address);
    this.film.onloadedmetadata = () => { this.note.hidden = this.still.hidden = true; this.film.hidden = false; this.shape(this.film.videoWidth / this.film.videoHeight); begin(); };
    this.film.onerror = () => { if (this.film.hasAttribute("src")) this.say("The film is not here, or this part cannot be read."); };
  }
  pause() { this.film.pause(); }
  follow() {
    if (this.isFilm) {
      this.at = this.piece * this.pieceLength + this.film.currentTime;
      const last = new Map();  // of each track, the box that is nearest in time; in a burst, that of the still that is shown
      const shown = this.stills.findLast(begun => begun <= this.at + .04), at = shown ?? this.at, near = shown === undefined ? .6 : .01;
      for (const row of this.boxes) if (Math.abs(row[0] - at) < near && !(Math.abs(row[0] - at) >= Math.abs(last.get(row[1])?.[0] - at))) last.set(row[1], row);
      this.marks.replaceChildren(...[...last.values()].map(row => this.mark(row.slice(2), !this.tracks.includes(row[1]))));
      if (this.isPlaying) this.moved();
      if (this.isPlaying && this.at >= this.until) this.pause();
    }
    this.button.firstChild.textContent = this.isPlaying ? "Stop" : "Play";
  }
  mark([x, y, w, h], isOther = false) {
    const made = element("div", { className: isOther ? "box other" : "box" });
    Object.assign(made.style, { left: `${100 * x}%`, top: `${100 * y}%`, width: `${100 * w}%`, height: `${100 * h}%` });
    return made;
  }
  shape(ratio) { this.root.style.setProperty("--ratio", ratio); }
  say(text) { this.note.textContent = text; this.note.hidden = false; }
}
