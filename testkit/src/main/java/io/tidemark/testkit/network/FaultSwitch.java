package io.tidemark.testkit.network;

/** The fault of the moment, and who waits for its end. Thread-safe. */
final class FaultSwitch {

    private Fault fault = new Fault.None();

    synchronized Fault get() {
        return fault;
    }

    synchronized void set(Fault next) {
        fault = next;
        notifyAll();
    }

    synchronized void awaitEndOfBlackHole() throws InterruptedException {
        while (fault instanceof Fault.BlackHole) {
            wait();
        }
    }

    /** Takes bytes from the allowance of {@link Fault.ResetAfter}; answers how many of them may still pass. */
    synchronized int take(int bytes) {
        if (!(fault instanceof Fault.ResetAfter limit)) {
            return bytes;
        }
        int granted = (int) Math.min(bytes, limit.bytes());
        fault = new Fault.ResetAfter(limit.bytes() - granted);
        return granted;
    }
}
