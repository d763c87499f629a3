package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a file as YAML, as far as the pipeline file needs YAML, with the place of each thing kept. */
final class YamlDocument {
    /** A thousand times what a large pipeline needs. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final int MAX_DEPTH = 16;

    private final String name;

    private YamlDocument(String name) {
        this.name = name;
    }

    /** Reads the file's one mapping. */
    static MappingNode read(Path file) {
        return parse(
                file.getFileName() == null
                        ? file.toString()
                        : file.getFileName().toString(),
                bytesOf(file));
    }

    /** Reads the one mapping of a file's content. */
    static MappingNode parse(String name, byte[] content) {
        return new YamlDocument(name).mapping(content);
    }

    private static byte[] bytesOf(Path file) {
        Place place = new Place(file.toString(), 0, 0, "");
        try {
            if (Files.isDirectory(file)) {
                throw one(place, "expected a file, found a directory");
            }
            byte[] content = Files.readAllBytes(file);
            if (content.length > MAX_BYTES) {
                throw one(place, "expected a pipeline file of at most 4 MiB, found " + content.length + " bytes");
            }
            return content;
        } catch (NoSuchFileException missing) {
            throw one(
                    place,
                    "there is no such file; write one (docs/pipeline-file.md shows how) or name another with --config or "
                            + PipelineFile.CONFIG_VARIABLE);
        } catch (AccessDeniedException denied) {
            throw one(place, "it may not be read by this user; change its owner or permissions");
        } catch (IOException failed) {
            throw one(place, "it could not be read: " + failed);
        }
    }

    private MappingNode mapping(byte[] content) {
        String text = decoded(content);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setUseMarks(true)
                .setCodePointLimit(MAX_BYTES)
                .build();
        try {
            refuseWhatCanBlowUp(new Parse(settings).parseString(text));
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                throw one(at(1, 1), "expected a pipeline, found an empty file; it begins with tidemark: 1");
            }
            if (root.get() instanceof MappingNode mapping) {
                return mapping;
            }
            throw one(
                    Place.of(name, root.get(), ""),
                    "expected settings such as tidemark: 1, found " + Section.kindOf(root.get()));
        } catch (MarkedYamlEngineException broken) {
            throw notYaml(broken, text);
        } catch (YamlEngineException broken) {
            throw one(at(1, 1), "expected YAML: " + broken.getMessage());
        }
    }

    /** Aliases can name each other until a small file becomes an endless tree; deep nesting can exhaust the stack. */
    private void refuseWhatCanBlowUp(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof AliasEvent) {
                throw one(
                        at(event.getStartMark()),
                        "anchors and aliases (& and *) are not used in this file; write the value out");
            }
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw one(at(event.getStartMark()), "nested more than " + MAX_DEPTH + " levels deep");
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private InvalidPipelineException notYaml(MarkedYamlEngineException broken, String text) {
        Optional<Mark> mark = broken.getProblemMark().or(broken::getContextMark);
        Place place = at(mark);
        String line =
                text.lines().skip(Math.max(0, place.line() - 1)).findFirst().orElse("");
        if (line.substring(0, Math.min(line.length(), place.column())).indexOf('\t') >= 0) {
            int tab = line.indexOf('\t') + 1;
            return one(at(place.line(), tab), "found a tab; YAML is indented with spaces only: replace it by spaces");
        }
        // The library's problem names a character or a token, not a value, but a secret could stand there.
        String problem = broken.getProblem() == null ? "" : ", " + broken.getProblem();
        return one(
                place,
                "expected YAML" + (problem.length() > 160 ? "" : problem) + "; look at this line and the one above");
    }

    private String decoded(byte[] content) {
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(content.length + 1);
        CoderResult result = decoder.decode(ByteBuffer.wrap(content), text, true);
        text.flip();
        if (!result.isError()) {
            return text.toString();
        }
        List<String> lines = (text + "|").lines().toList();
        throw one(
                at(lines.size(), lines.get(lines.size() - 1).length()),
                "expected UTF-8, found a byte that is none; save the file as UTF-8");
    }

    private Place at(Optional<Mark> mark) {
        return mark.map(found -> at(found.getLine() + 1, found.getColumn() + 1)).orElseGet(() -> at(1, 1));
    }

    private Place at(int line, int column) {
        return new Place(name, line, column, "");
    }

    private static InvalidPipelineException one(Place place, String message) {
        return new InvalidPipelineException(List.of(place.problem(message)));
    }
}
