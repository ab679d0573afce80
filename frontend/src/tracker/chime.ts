/** Two soft notes, a quarter of a second: a screenshot was just taken. A page that may not make sounds yet stays silent. */
export function chime(): void {
  const audio = new AudioContext();
  const loud = audio.createGain();
  loud.connect(audio.destination);
  loud.gain.setValueAtTime(0.08, audio.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.25);
  for (const [hertz, after] of [
    [660, 0],
    [880, 0.09],
  ] as const) {
    const note = audio.createOscillator();
    note.frequency.value = hertz;
    note.connect(loud);
    note.start(audio.currentTime + after);
    note.stop(audio.currentTime + 0.25);
  }
  setTimeout(() => void audio.close(), 400);
}
