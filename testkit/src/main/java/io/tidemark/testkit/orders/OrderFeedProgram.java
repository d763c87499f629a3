package io.tidemark.testkit.orders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The simulator as a program of its own.
 *
 * <pre>{@code OrderFeedProgram [--port N] [--seed N] [--limits-times N] [--tokens DIRECTORY] [--store NAME=LAST[/GAPS]]…
 *     [--traffic NEW,EDITS,DELETIONS]}</pre>
 *
 * It prints its address as its first line and runs until it is stopped. With {@code --tokens} it writes each store's
 * token into a file of the store's name, readable by its owner only.
 */
public final class OrderFeedProgram {

    private OrderFeedProgram() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = 0;
        long seed = 1;
        int times = 1;
        Path tokens = null;
        double[] traffic = {0, 0, 0};
        List<StoreSettings> stores = new ArrayList<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--port" -> port = Integer.parseInt(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--limits-times" -> times = Integer.parseInt(value);
                case "--tokens" -> tokens = Path.of(value);
                case "--store" -> stores.add(StoreSettings.parse(value));
                case "--traffic" -> traffic = rates(value);
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        SimulatorSettings settings = new SimulatorSettings(
                        port, stores.isEmpty() ? SimulatorSettings.FIVE_STORES : stores, seed, CallLimit.real())
                .withLimitsTimes(times);
        OrderFeedSimulator simulator = OrderFeedSimulator.start(settings);
        if (tokens != null) {
            write(tokens, settings);
        }
        simulator.traffic().set(traffic[0], traffic[1], traffic[2]);
        System.out.println(simulator.baseUri());
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "order-api-stop"));
        new CountDownLatch(1).await();
    }

    private static double[] rates(String text) {
        String[] parts = text.split(",");
        if (parts.length != 3) {
            throw new IllegalArgumentException("expected --traffic NEW,EDITS,DELETIONS a second, found " + text);
        }
        return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2])};
    }

    private static void write(Path directory, SimulatorSettings settings) throws IOException {
        Files.createDirectories(directory);
        for (StoreSettings store : settings.stores()) {
            Path file = directory.resolve(store.name());
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, settings.token(store.name()) + "\n");
        }
    }
}
