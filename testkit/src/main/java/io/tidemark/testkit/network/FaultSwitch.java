package io.tidemark.testkit.network;

/** The fault of the moment, and who waits for its end. Thread-safe. */
final class FaultSwitch {

    private Fault fault = new Fault.None();
    private int held;
    private long newestPiece;
    private long mayPass;

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

    /** How many pieces of requests are held back now. */
    synchronized int held() {
        return held;
    }

    /** Whatever is held back goes on; what comes later is held back. */
    synchronized void letHeldPass() {
        mayPass = newestPiece;
        notifyAll();
    }

    /** @param opening what the client of the connection said first */
    synchronized void awaitTurn(String opening) throws InterruptedException {
        long piece = ++newestPiece;
        held++;
        while (piece > mayPass && fault instanceof Fault.HeldRequests requests && opening.contains(requests.saying())) {
            wait();
        }
        held--;
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
