package io.tidemark.positions.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.PositionLayerContract;
import io.tidemark.positions.position.StoreId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotLayerTest extends PositionLayerContract {
    @TempDir
    private Path folder;

    @Override
    protected PositionLayer open() {
        return open(Duration.ZERO, "tidemark@shop");
    }

    @Test
    void anEmptyATornAndAnAlteredFileAreRefused() throws IOException {
        write(open(), at(9070, 181601));
        byte[] whole = Files.readAllBytes(file());
        removeCopies();

        refused(new byte[0], "empty");
        Random random = new Random(29);
        for (int i = 0; i < 200; i++) {
            refused(Arrays.copyOf(whole, random.nextInt(whole.length - 1)), "");
            byte[] flipped = whole.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(7));
            refused(flipped, "");
        }
        String forged = new String(whole, UTF_8).replace("\"page\":9070", "\"page\":1");
        refused(forged.getBytes(UTF_8), "seal");
        refused("[1,2]".getBytes(UTF_8), "JSON object");
        refused("{}".getBytes(UTF_8), "seal");
        Files.write(file(), whole);
        assertThat(page(open())).isEqualTo(9070);
    }

    @Test
    void aFileOfAnotherKeyOrInstallationIsRefused() throws IOException {
        write(open(Duration.ZERO, "tidemark@other"), at(9070, 181601));
        removeCopies();
        assertThatThrownBy(() -> open().read(List.of(NATUR)))
                .isInstanceOf(LayerUnavailableException.class)
                .hasMessageContaining("installation");
        Files.delete(folder.resolve("key"));
        assertThatThrownBy(() -> open(Duration.ZERO, "tidemark@other").read(List.of(NATUR)))
                .hasMessageContaining("seal");
    }

    @Test
    void aPositionUnderAnotherStoresNameIsRefusedEvenUnderTheSeal() throws Exception {
        SnapshotForm form = new SnapshotForm("tidemark@shop", Seal.underKeyIn(folder.resolve("key")));
        TreeMap<StoreId, Checkpoint> crossed = new TreeMap<>();
        crossed.put(PURNA, new Checkpoint(at(9070, 181601), Map.of()));
        byte[] content = form.write(Snapshot.none().next(AT, crossed));
        assertThatThrownBy(() -> form.read(content)).hasMessageContaining("PURNA");
    }

    @Test
    void aFileThatIsTooOldIsRefused() throws IOException {
        write(open(), at(9070, 181601));
        removeCopies();
        assertThatThrownBy(() -> open(Duration.ofDays(8), "tidemark@shop").read(List.of(NATUR)))
                .hasMessageContaining("stale");
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        write(open(), at(9070, 181601));
        removeCopies();
        Path elsewhere = folder.resolve("elsewhere.json");
        Files.move(file(), elsewhere);
        Files.createSymbolicLink(file(), elsewhere);
        assertThatThrownBy(() -> open().read(List.of(NATUR))).hasMessageContaining("link");
    }

    @Test
    void aTornFileIsAnsweredFromItsNewestCopyThatCanBeBelieved() throws IOException {
        write(open(), at(9070, 181601));
        Files.writeString(file(), "{\"form\":");
        assertThat(page(open())).isEqualTo(9070);
    }

    @Test
    void whatACrashBeforeTheRenameLeftIsNotRead() throws IOException {
        write(open(), at(9070, 181601));
        Files.writeString(folder.resolve("positions").resolve(SnapshotFiles.NAME + ".4711.new"), "{");
        assertThat(page(open())).isEqualTo(9070);
        write(open(), at(9071, 181621));
        assertThat(page(open())).isEqualTo(9071);
    }

    @Test
    void aRefusedFileIsWrittenAnewByTheNextPosition() throws IOException {
        write(open(), at(9070, 181601));
        removeCopies();
        Files.writeString(file(), "");
        write(open(), at(9071, 181621));
        assertThat(page(open())).isEqualTo(9071);
    }

    @Test
    void neitherFileNorKeyIsReadableByEveryone() throws IOException {
        write(open(), at(9070, 181601));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .doesNotContain("rw-r--r--")
                .endsWith("---");
    }

    private void refused(byte[] content, String cause) throws IOException {
        Files.write(file(), content);
        assertThatThrownBy(() -> open().read(List.of(NATUR)))
                .isInstanceOf(LayerUnavailableException.class)
                .hasMessageContaining(cause)
                .hasMessageContaining(SnapshotFiles.NAME);
    }

    private Path file() {
        return folder.resolve("positions").resolve(SnapshotFiles.NAME);
    }

    private void removeCopies() throws IOException {
        try (Stream<Path> copies = Files.list(folder.resolve("positions").resolve("history"))) {
            for (Path copy : copies.toList()) {
                Files.delete(copy);
            }
        }
    }

    private PositionLayer open(Duration later, String installation) {
        return new SnapshotLayer(
                folder.resolve("positions"),
                installation,
                Seal.underKeyIn(folder.resolve("key")),
                Clock.fixed(AT.plus(later), ZoneOffset.UTC));
    }
}
