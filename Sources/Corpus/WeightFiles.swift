/// Which files of a model folder hold its weights, by the names that Hugging Face's libraries give them.
public enum WeightFiles {
    /// All weights in one file.
    public static let whole = "model.safetensors"
    /// Says which part holds which tensor, where they are divided.
    public static let index = "model.safetensors.index.json"

    /// The one file, or else the parts (`model-00001-of-00003.safetensors`) where their index is there.
    public static func among(_ names: some Collection<String>) -> Set<String> {
        if names.contains(whole) { return [whole] }
        guard names.contains(index) else { return [] }
        return Set(
            names.filter { $0.hasPrefix("model-") && $0.hasSuffix(".safetensors") && !$0.contains("/") })
    }
}
