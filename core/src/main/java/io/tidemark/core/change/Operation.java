package io.tidemark.core.change;

/** What a change did, with the letter Debezium's envelope has for it. */
public enum Operation {
    CREATE("c"),
    UPDATE("u"),
    DELETE("d"),
    /** A row read by a snapshot. */
    READ("r"),
    /** Every row of the table is gone. */
    TRUNCATE("t");

    private final String letter;

    Operation(String letter) {
        this.letter = letter;
    }

    /** The value of the envelope's {@code op}. */
    public String letter() {
        return letter;
    }

    /** Whether the row exists after the change. */
    public boolean leavesRow() {
        return this == CREATE || this == UPDATE || this == READ;
    }

    /**
     * Reads the envelope's {@code op}.
     *
     * @throws UnreadableChangeException when no operation has that letter
     */
    static Operation ofLetter(String letter) {
        return switch (letter) {
            case "c" -> CREATE;
            case "u" -> UPDATE;
            case "d" -> DELETE;
            case "r" -> READ;
            case "t" -> TRUNCATE;
            default -> throw new UnreadableChangeException("op: expected one of c, u, d, r, t");
        };
    }
}
