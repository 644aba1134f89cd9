/// P-values corrected for having asked many questions at once, by Holm's step-down.
///
/// The i-th smallest of m is multiplied by m − i + 1 and never falls below its forerunner; so the
/// chance that *any* true null hypothesis gets a corrected p of at most α is at most α, however the
/// questions depend on each other. Equal to statsmodels' `multipletests(method="holm")`.
///
/// - Returns: the corrected values, in the order of the given ones, at most 1.
///
/// Source: Holm, *A simple sequentially rejective multiple test procedure*,
/// [jstor:4615733](https://www.jstor.org/stable/4615733).
public func holmCorrected(_ pValues: [Double]) -> [Double] {
    var corrected = pValues
    var greatest = 0.0
    let order = pValues.indices.sorted {
        pValues[$0] < pValues[$1] || (pValues[$0] == pValues[$1] && $0 < $1)
    }
    for (place, index) in order.enumerated() {
        greatest = max(greatest, min(1, pValues[index] * Double(pValues.count - place)))
        corrected[index] = greatest
    }
    return corrected
}
