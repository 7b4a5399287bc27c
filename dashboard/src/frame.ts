/**
 * Draws once a frame, however often it is asked, and not at all while the page is hidden: browsers give a hidden page no
 * frames, and the one that was asked for comes when it is seen again.
 */
export class Frame {
  private isAsked = false;

  constructor(private readonly draw: () => void) {}

  ask = (): void => {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.draw();
    });
  };
}
