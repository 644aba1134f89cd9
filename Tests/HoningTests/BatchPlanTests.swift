import Honing
import Testing
import Transformers

@Suite struct BatchPlanTests {
    private let plan = BatchPlan(tokenBudget: 100, textBudget: 4)

    private func item(_ tokens: Int, texts: Int = 1, version: Int = 1) -> BatchPlan.Item {
        BatchPlan.Item(tokens: tokens, texts: texts, version: version)
    }

    @Test func `an empty queue gives no batch`() {
        #expect(plan.count(of: []) == 0)
    }

    @Test func `requests share a batch as long as their tokens fit`() {
        #expect(plan.count(of: [item(40), item(60), item(1)]) == 2)
    }

    @Test func `a request larger than the budget goes alone`() {
        #expect(plan.count(of: [item(500), item(1)]) == 1)
    }

    @Test func `the number of texts is limited too`() {
        #expect(plan.count(of: [item(1, texts: 3), item(1, texts: 2)]) == 1)
        #expect(plan.count(of: [item(1, texts: 3), item(1, texts: 1)]) == 2)
    }

    @Test func `requests for different versions never share a batch`() {
        #expect(plan.count(of: [item(1), item(1), item(1, version: 2), item(1)]) == 2)
    }

    @Test func `requests for different work never share a batch`() {
        let vector = BatchPlan.Item(tokens: 1, texts: 1, version: 1, work: .embed(.mean))
        #expect(plan.count(of: [item(1), item(1), vector]) == 2)
        #expect(plan.count(of: [vector, vector, item(1)]) == 2)
    }

    @Test func `nobody overtakes: a batch is always the head of the queue`() {
        // The third would fit beside the first, but the second waited longer.
        #expect(plan.count(of: [item(60), item(60), item(10)]) == 1)
    }
}
