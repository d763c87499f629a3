package io.tidemark.testkit.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One connection through the proxy: two sockets and a thread for each direction. */
final class ProxiedConnection {

    private static final int PIECE = 16 * 1024;

    private final Socket client;
    private final Socket target;
    private final FaultSwitch faults;
    private final Runnable resetAll;
    private final Consumer<ProxiedConnection> ended;

    ProxiedConnection(
            Socket client, Socket target, FaultSwitch faults, Runnable resetAll, Consumer<ProxiedConnection> ended)
            throws IOException {
        this.client = client;
        this.target = target;
        this.faults = faults;
        this.resetAll = resetAll;
        this.ended = ended;
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
    }

    void start() {
        pump(client, target, true);
        pump(target, client, false);
    }

    void close(boolean hard) {
        close(client, hard);
        close(target, hard);
        ended.accept(this);
    }

    /** @param hard with RST instead of FIN */
    static void close(Socket socket, boolean hard) {
        try {
            if (hard) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            // Closed already, which is what is wanted.
        }
    }

    private void pump(Socket from, Socket to, boolean towardsTarget) {
        Thread thread = new Thread(() -> copy(from, to, towardsTarget), "proxy connection");
        thread.setDaemon(true);
        thread.start();
    }

    private void copy(Socket from, Socket to, boolean towardsTarget) {
        byte[] piece = new byte[PIECE];
        String opening = "";
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                if (towardsTarget) {
                    opening = opening.isEmpty() ? text(piece, length) : opening;
                    faults.awaitTurn(opening);
                }
                pass(piece, length, out, towardsTarget);
            }
            faults.awaitEndOfBlackHole();
            close(false);
        } catch (IOException e) {
            close(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close(true);
        }
    }

    private void pass(byte[] piece, int length, OutputStream out, boolean towardsTarget)
            throws IOException, InterruptedException {
        faults.awaitEndOfBlackHole();
        Fault fault = faults.get();
        if (fault instanceof Fault.Cut) {
            throw new SocketException("cut while something was on its way");
        }
        int granted = towardsTarget ? faults.take(length) : length;
        if (fault instanceof Fault.Slow slow) {
            long transfer = length * 1_000L / slow.bytesPerSecond();
            Thread.sleep(slow.delay().toMillis() + transfer);
        }
        out.write(piece, 0, granted);
        out.flush();
        if (granted < length) {
            resetAll.run();
        }
    }

    private static String text(byte[] piece, int length) {
        return new String(piece, 0, length, StandardCharsets.ISO_8859_1);
    }
}
