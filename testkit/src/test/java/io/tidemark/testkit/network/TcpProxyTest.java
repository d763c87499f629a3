package io.tidemark.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testkit.await.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

    private final AtomicLong received = new AtomicLong();
    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void startAnEchoBehindAProxy() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "echo");
        thread.setDaemon(true);
        thread.start();
        proxy = TcpProxy.start(0, echo.getLocalPort());
    }

    @AfterEach
    void closeBoth() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesEverythingOnInBothDirections() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "hello")).isEqualTo("hello");
            assertThat(proxy.open()).isEqualTo(1);
        }
        Await.until("the proxy forgets the closed connection", Duration.ofSeconds(30))
                .sees(proxy::open, open -> open == 0);
    }

    @Test
    void cutsAndLetsInAgainWhenHealed() throws IOException {
        try (Socket client = connect()) {
            ask(client, "hello");
            proxy.cut();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        try (Socket refused = connect()) {
            assertThat(refused.getInputStream().read()).isEqualTo(-1);
        }
        proxy.heal();
        try (Socket client = connect()) {
            assertThat(ask(client, "again")).isEqualTo("again");
        }
    }

    @Test
    void resetsConnections() throws IOException {
        try (Socket client = connect()) {
            ask(client, "hello");
            proxy.reset();
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void holdsEverythingBackInABlackHole() throws IOException {
        try (Socket client = connect()) {
            ask(client, "hello");
            proxy.blackHole();
            client.setSoTimeout(200);
            assertThatThrownBy(() -> ask(client, "anybody")).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            client.setSoTimeout(5_000);
            assertThat(read(client, 7)).isEqualTo("anybody");
        }
    }

    @Test
    void holdsBackOnlyWhatTheyRequestWhoSaidTheWords() throws IOException {
        try (Socket producer = connect();
                Socket another = connect()) {
            ask(producer, "I am the producer");
            ask(another, "I am another");
            proxy.holdRequestsOf("the producer");
            producer.getOutputStream().write("one".getBytes(StandardCharsets.US_ASCII));
            awaitHeld(1);
            assertThat(ask(another, "hello")).isEqualTo("hello");

            proxy.letHeldPass();
            assertThat(read(producer, 3)).isEqualTo("one");
            producer.getOutputStream().write("two".getBytes(StandardCharsets.US_ASCII));
            awaitHeld(1);
            producer.setSoTimeout(100);
            assertThatThrownBy(() -> read(producer, 3)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void whatWasHeldBackIsLostWhenItsConnectionIsReset() throws IOException {
        try (Socket client = connect()) {
            ask(client, "hello");
            proxy.holdRequestsOf("hello");
            client.getOutputStream().write("lost".getBytes(StandardCharsets.US_ASCII));
            awaitHeld(1);
            proxy.reset();
            awaitHeld(0);
            proxy.heal();
        }
        try (Socket client = connect()) {
            ask(client, "again");
        }
        assertThat(received.get()).isEqualTo("hello".length() + "again".length());
    }

    @Test
    void delaysAndLimits() throws IOException {
        try (Socket client = connect()) {
            ask(client, "hello");
            proxy.delay(Duration.ofMillis(100));
            assertThat(millisToAsk(client, "slow")).isGreaterThanOrEqualTo(200);
            proxy.limit(20_000);
            assertThat(millisToAsk(client, "x".repeat(4_000))).isGreaterThanOrEqualTo(200);
            proxy.heal();
            assertThat(millisToAsk(client, "fast")).isLessThan(100);
        }
    }

    @Test
    void resetsInMidMessage() throws IOException {
        try (Socket client = connect()) {
            ask(client, "hello");
            proxy.resetAfter(3);
            client.getOutputStream().write("message".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> read(client, 7)).isInstanceOf(IOException.class);
            assertThat(received.get()).isLessThanOrEqualTo(5 + 3);
        }
    }

    @Test
    void showsTheClientThatNobodyListensBehindIt() throws IOException {
        int port = echo.getLocalPort();
        echo.close();
        // A thread that was waiting in accept may still let in one more after the close.
        Await.until("nobody listens on the echo's port", Duration.ofSeconds(30))
                .sees(() -> refuses(port), refused -> refused);
        try (Socket client = connect()) {
            assertThatThrownBy(() -> {
                        if (client.getInputStream().read() < 0) {
                            throw new SocketException("closed");
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    private void awaitHeld(int pieces) {
        Await.until(pieces + " pieces are held back", Duration.ofSeconds(30)).sees(proxy::held, held -> held == pieces);
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static long millisToAsk(Socket client, String text) throws IOException {
        long start = System.nanoTime();
        assertThat(ask(client, text)).isEqualTo(text);
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static String ask(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return read(client, text.length());
    }

    private static String read(Socket client, int length) throws IOException {
        byte[] answer = client.getInputStream().readNBytes(length);
        if (answer.length < length) {
            throw new IOException("closed after " + answer.length + " bytes");
        }
        return new String(answer, StandardCharsets.US_ASCII);
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread thread = new Thread(() -> echo(client), "echo connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void echo(Socket client) {
        byte[] piece = new byte[1024];
        try (client) {
            InputStream in = client.getInputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                received.addAndGet(length);
                client.getOutputStream().write(piece, 0, length);
            }
        } catch (IOException e) {
            return;
        }
    }
}
