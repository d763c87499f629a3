package io.tidemark.positions.position;

/** A layer cannot be asked, or what it holds cannot be trusted; the message names the layer, the cause and the remedy. */
public final class LayerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Layer layer;
    private final String reason;

    public LayerUnavailableException(Layer layer, String message, Throwable cause) {
        super(message, cause);
        this.layer = layer;
        this.reason = message;
    }

    public LayerUnavailableException(Layer layer, String message) {
        super(message);
        this.layer = layer;
        this.reason = message;
    }

    /** Which layer. */
    public Layer layer() {
        return layer;
    }

    /** The message: the layer, the cause and the remedy. */
    public String reason() {
        return reason;
    }
}
