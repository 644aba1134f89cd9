import Foundation
import Honing
import Store
import Testing

/// Somebody is told, by a real daemon over real HTTP and by a real program.
@Suite struct AlertStoryTests {
    private func configuration(hook url: String) throws -> HonedConfiguration {
        var configuration = LivingLoop.configuration()
        let folder = configuration.dataDirectory + "-alerts"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("key\n".utf8).write(to: URL(filePath: folder + "/key"))
        try Data("#!/bin/sh\ncat >>'\(folder)/told'\n".utf8).write(to: URL(filePath: folder + "/pager"))
        for (file, mode) in [("key", 0o600), ("pager", 0o700)] {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: folder + "/" + file)
        }
        var webhook = AlertSettings.Webhook()
        (webhook.name, webhook.url, webhook.secretFile) = ("operators", url, folder + "/key")
        var command = AlertSettings.Command()
        (command.name, command.command) = ("pager", [folder + "/pager"])
        command.events = [.rollback]
        configuration.alerts.webhooks = [webhook]
        configuration.alerts.commands = [command]
        return configuration
    }

    @Test func `an alarm and swaps are told though the receiver is down at first, each once`()
        async throws
    {
        let receiver = StubReceiver(refusals: 2)
        try await receiver.serve { url in
            let configuration = try configuration(hook: url)
            try await LivingDaemon.run(configuration) { daemon in
                func alerts() async throws -> [String: Status.AlertChannel] {
                    let status: Status = try await daemon.control.get("/status").decode()
                    return Dictionary(
                        uniqueKeysWithValues: (status.alerts ?? []).map { ($0.name, $0) })
                }
                try await eventually("the channels are open") { try await alerts().count == 2 }
                try await daemon.loop.store.insert(
                    detection: Detection(
                        at: Date(), detector: "Shiryaev-Roberts", verdict: "drift", evidence: 4.4,
                        threshold: 4.3, modelVersion: 1))
                try await eventually("a refusal is told") {
                    try await alerts()["operators"]?.lastError != nil
                }
                let page = try await daemon.door.get("/")
                #expect(String(decoding: page.body, as: UTF8.self).contains("answered with status 503"))
                let metrics = try await daemon.door.get("/metrics")
                #expect(
                    String(decoding: metrics.body, as: UTF8.self).contains(
                        "honed_alerts_waiting{channel=\"operators\"} 1"))

                try await eventually("the alarm is taken") { receiver.accepted.count == 1 }
                let order =
                    #"{"folder":"\#(LivingLoop.tinyBert)","requestedBy":"ada","reason":"second","promote":false}"#
                _ = try await daemon.control.post("/import", order)
                _ = try await daemon.control.post(
                    "/promote", #"{"version":2,"reason":"a try","requestedBy":"ada","force":true}"#)
                _ = try await daemon.control.post("/rollback", #"{"requestedBy":"ada"}"#)
                try await eventually("the swaps are taken") { receiver.accepted.count == 3 }
                try await eventually("all is noted") {
                    let channels = try await alerts()
                    return channels["operators"]?.delivered == 3 && channels["pager"]?.delivered == 1
                }
            }
            // The daemon is started again over the same store: nobody is told twice.
            try await LivingDaemon.run(configuration) { daemon in
                try await eventually("it looked once more") {
                    let status: Status = try await daemon.control.get("/status").decode()
                    return (status.daemon.uptimeSeconds ?? 0) > 3
                }
            }
            let messages = receiver.messages
            #expect(messages.count == 5 && receiver.accepted.count == 3)
            #expect(Set(messages.prefix(3).map(\.body)).count == 1)
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            let told = try receiver.accepted.map {
                try decoder.decode(AlertMessage.self, from: Data($0.body.utf8))
            }
            #expect(told.map(\.kind) == [.driftAlarm, .promotion, .rollback])
            #expect(told.map(\.version) == [1, 2, 1])
            #expect(
                told.allSatisfy { $0.model == "tiny" && $0.link.hasPrefix("http://127.") })
            #expect(receiver.accepted.map { $0.headers["x-hone-delivery"] } == told.map(\.id))
            #expect(
                messages.allSatisfy {
                    $0.headers["x-hone-signature"]?.hasPrefix("sha256=") == true
                        && $0.headers["content-type"] == "application/json"
                })
            let paged = try String(
                contentsOfFile: configuration.dataDirectory + "-alerts/told", encoding: .utf8)
            #expect(paged == receiver.accepted[2].body + "\n")
        }
    }
}
