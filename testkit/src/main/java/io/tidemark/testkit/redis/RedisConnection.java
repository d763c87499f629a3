package io.tidemark.testkit.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A plain connection to Redis in its wire protocol (RESP2): what any program could do, so that tests look at Redis
 * without the product's own client. A reply is a String, a Long, a List or null; an error reply is a
 * {@link RedisErrorException}. Not thread-safe.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">Redis serialization protocol</a>
 */
public final class RedisConnection implements Closeable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RedisConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /** Connects, waiting at most 5 s, and at most 30 s for any reply. */
    public static RedisConnection open(String host, int port, @Nullable String password) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), 5_000);
            socket.setSoTimeout(30_000);
            socket.setTcpNoDelay(true);
            RedisConnection connection = new RedisConnection(socket);
            if (password != null) {
                connection.call("AUTH", password);
            }
            return connection;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends one command and reads its reply. */
    public @Nullable Object call(String... command) throws IOException {
        send(command);
        out.flush();
        return read();
    }

    /** The same with arguments that need not be texts; of the reply they are taken for texts all the same. */
    public @Nullable Object callBytes(byte[]... command) throws IOException {
        send(command);
        out.flush();
        return read();
    }

    /** Sends all commands before it reads the first reply; replies in the order of the commands. */
    public List<@Nullable Object> callAll(List<String[]> commands) throws IOException {
        for (String[] command : commands) {
            send(command);
        }
        out.flush();
        List<@Nullable Object> replies = new ArrayList<>(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            replies.add(read());
        }
        return replies;
    }

    /** The value of a key, or null. */
    public @Nullable String get(String key) throws IOException {
        return (String) call("GET", key);
    }

    /** The value of a key as it is, or null. */
    public byte @Nullable [] getBytes(String key) throws IOException {
        send("GET", key);
        out.flush();
        int type = in.read();
        String line = readLine();
        if (type != '$') {
            throw new RedisErrorException(line);
        }
        return readBytes(Integer.parseInt(line));
    }

    /** The fields of a hash; empty when there is none. */
    public Map<String, String> hash(String key) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        List<?> flat = list(call("HGETALL", key));
        for (int i = 0; i < flat.size(); i += 2) {
            fields.put(String.valueOf(flat.get(i)), String.valueOf(flat.get(i + 1)));
        }
        return fields;
    }

    /** Walks over every key that matches the glob pattern; a key may come twice. */
    public void scan(String pattern, Consumer<String> keys) throws IOException {
        String cursor = "0";
        do {
            List<?> page = list(call("SCAN", cursor, "MATCH", pattern, "COUNT", "1000"));
            cursor = String.valueOf(page.get(0));
            list(page.get(1)).forEach(key -> keys.accept(String.valueOf(key)));
        } while (!cursor.equals("0"));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static List<?> list(@Nullable Object reply) {
        if (reply instanceof List<?> elements) {
            return elements;
        }
        throw new IllegalStateException(
                "expected a list as reply, found " + (reply == null ? "nil" : reply.getClass()));
    }

    private void send(String... command) throws IOException {
        byte[][] arguments = new byte[command.length][];
        for (int i = 0; i < command.length; i++) {
            arguments[i] = command[i].getBytes(StandardCharsets.UTF_8);
        }
        send(arguments);
    }

    private void send(byte[][] command) throws IOException {
        out.write(("*" + command.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (byte[] bytes : command) {
            out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write('\r');
            out.write('\n');
        }
    }

    private @Nullable Object read() throws IOException {
        int type = in.read();
        String line = readLine();
        return switch (type) {
            case '+' -> line;
            case '-' -> throw new RedisErrorException(line);
            case ':' -> Long.valueOf(line);
            case '$' -> readBulk(Integer.parseInt(line));
            case '*' -> readList(Integer.parseInt(line));
            default -> throw new EOFException("Redis closed the connection or speaks another protocol");
        };
    }

    private @Nullable String readBulk(int length) throws IOException {
        byte[] bytes = readBytes(length);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private byte @Nullable [] readBytes(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("Redis closed the connection in the middle of a reply");
        }
        return Arrays.copyOf(bytes, length);
    }

    private @Nullable List<@Nullable Object> readList(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(read());
        }
        return elements;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("Redis closed the connection");
            }
            line.append((char) c);
        }
        if (in.read() != '\n') {
            throw new IOException("expected a line feed in Redis' reply");
        }
        return line.toString();
    }
}
