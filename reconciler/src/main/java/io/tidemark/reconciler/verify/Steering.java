package io.tidemark.reconciler.verify;

import java.util.concurrent.TimeUnit;

/** Bounds how fast a comparison goes, and lets people halt it, let it go on, and end it. Thread-safe. */
public final class Steering {
    private final long perSecond;
    private long notBefore = System.nanoTime();
    private boolean paused;
    private boolean cancelled;

    /** A person ended it. */
    public static final class CancelledException extends InterruptedException {
        private static final long serialVersionUID = 1L;

        CancelledException() {
            super("it was cancelled");
        }
    }

    /** @param perSecond how many rows or keys a second, 0 for no bound */
    public Steering(long perSecond) {
        this.perSecond = perSecond;
    }

    public synchronized void pause() {
        paused = true;
    }

    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    public synchronized void cancel() {
        cancelled = true;
        notifyAll();
    }

    public synchronized boolean isPaused() {
        return paused && !cancelled;
    }

    /**
     * Waits until so much may be read, and until it is not halted.
     *
     * @throws CancelledException when it is to end
     */
    synchronized void before(int rows) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the reconciler was stopped");
        }
        while (!cancelled && (paused || perSecond > 0 && notBefore > System.nanoTime())) {
            TimeUnit.NANOSECONDS.timedWait(
                    this, paused ? 1_000_000_000 : Math.max(1_000_000, notBefore - System.nanoTime()));
        }
        if (cancelled) {
            throw new CancelledException();
        }
        if (perSecond > 0) {
            notBefore = Math.max(notBefore, System.nanoTime()) + rows * 1_000_000_000L / perSecond;
        }
    }
}
