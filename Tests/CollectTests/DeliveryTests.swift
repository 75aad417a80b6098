import Foundation
import Lab
import Testing

extension EndToEnd {
    /// `--encrypt`, `--sign`, `--split`, `--max-size` of the real program.
    @Suite("Deliveries", .lab())
    struct Deliveries {
        let lab: Lab

        init() throws { lab = try LabTrait.current }

        @Test("encrypted, signed and in parts: what age, ssh-keygen and cat make of it is a sound bundle")
        func everything() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            let key = run.scratch.url.appendingPathComponent("key").path
            #expect(try await Program.tool("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]).status == 0)
            run.arguments += ["--encrypt", key + ".pub", "--sign", key, "--split", "64K", "--json"]
            let ending = try await run.run()
            #expect(ending.status == 3, "\(ending.printed)")
            #expect(run.leftInWork.isEmpty)
            let names = run.left
            #expect(names.contains { $0.hasSuffix(".tar.gz.age.001") } && names.contains { $0.hasSuffix(".age.sig") })
            #expect(!names.contains { $0.hasSuffix(".tar.gz") }, "a plain bundle is left: \(names)")
            let result = try #require(
                JSONSerialization.jsonObject(with: Data(ending.output)) as? [String: Any])
            let join = try #require(result["joinCommand"] as? String)
            let first = try #require(result["bundle"] as? String)
            let verify = try await Collect.run(["verify", "--identity", key, first])
            #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
            let closed = try await Collect.run(["verify", first])
            #expect(closed.status == 1 && closed.errorText.contains("--identity"), "\(closed.printed)")
            let shown = try await Collect.run(["show", "-i", key, first, "START-HERE.txt"])
            #expect(shown.status == 0 && !shown.output.isEmpty)
            #expect(try await Program.tool("sh", ["-c", "cd '\(run.output.path)' && \(join)"]).status == 0)
            let whole = run.output.appendingPathComponent(
                try #require(Tree.list(run.output).first { $0.hasSuffix(".age") }))
            let plain = run.scratch.url.appendingPathComponent("b.tar.gz")
            #expect(try await Program.tool("age", ["-d", "-i", key, "-o", plain.path, whole.path]).status == 0)
            let bundle = try await UnpackedBundle(plain)
            #expect(try bundle.leaks(SecretSearch(lab.secrets)).isEmpty)
        }

        @Test(
            "a key that others may read, an unknown recipient and a size of no use are refused before anything is done")
        func refused() async throws {
            let run = try CollectRun(lab, reproduces: false, capture: 0)
            let key = run.scratch.url.appendingPathComponent("key").path
            #expect(try await Program.tool("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]).status == 0)
            #expect(try await Program.tool("chmod", ["644", key]).status == 0)
            for (options, status) in [
                (["--sign", key], Int32(5)), (["--sign", key + ".pub"], 5), (["--encrypt", "age1xyz"], 2),
                (["--encrypt", "ssh-rsa AAAAB3NzaC1yc2E"], 2), (["--keep-plain"], 2), (["--split", "10"], 2),
            ] {
                let ending = try await Collect.run(run.arguments + options)
                #expect(ending.status == status, "\(options): \(ending.printed)")
            }
            #expect(run.left.isEmpty && run.leftInWork.isEmpty)
        }

        @Test("a file in the way, or a folder that can't be written, is told before anything is collected")
        func inTheWay() async throws {
            var run = try CollectRun(lab, reproduces: false, capture: 0)
            let key = run.scratch.url.appendingPathComponent("key").path
            #expect(try await Program.tool("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]).status == 0)
            let index = try #require(run.arguments.firstIndex(of: "--output"))
            for (name, options) in [
                ("b.tar.gz", []), ("b.tar.gz.sig", ["--sign", key]), ("b.tar.gz.age", ["--encrypt", key + ".pub"]),
                ("b.tar.gz.007", ["--split", "64K"]), ("", []),
            ] {
                let file = run.output.appendingPathComponent(name)
                if !name.isEmpty { try Data("old".utf8).write(to: file) }
                run.arguments[index + 1] = run.output.path + (name.isEmpty ? "/absent/b.tar.gz" : "/b.tar.gz")
                let ending = try await Collect.run(run.arguments + options)
                #expect(ending.status == 1, "\(name): \(ending.printed)")
                #expect(name.isEmpty || ending.errorText.contains(name + "'"), "\(ending.printed)")
                // It has not even looked for the failing request.
                #expect(!ending.errorText.contains("looking") && run.leftInWork.isEmpty, "\(ending.printed)")
                if !name.isEmpty { try FileManager.default.removeItem(at: file) }
            }
            #expect(run.left.isEmpty)
        }

        @Test("--max-size keeps what matters most, cuts the log around the failing record, and says so")
        func maxSize() async throws {
            let whole = try CollectRun(lab, reproduces: false, capture: 0)
            _ = try await whole.run()
            let size = try await whole.bundle().file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            var smallest = 0
            for percent in [95, 80, 60] {
                var run = try CollectRun(lab, reproduces: false, capture: 0)
                run.arguments += ["--max-size", String(size * percent / 100)]
                let ending = try await run.run()
                #expect([1, 3].contains(ending.status), "\(ending.printed)")
                #expect(run.leftInWork.isEmpty)
                if ending.status == 1 {
                    #expect(ending.errorText.contains("--max-size") && run.left.isEmpty, "\(ending.printed)")
                    continue
                }
                let bundle = try await run.bundle()
                let bytes = try bundle.file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
                #expect(bytes <= size * percent / 100)
                smallest = bytes
                let verify = try await Collect.verify(bundle.file)
                #expect(verify.status == 0 || verify.status == 6, "\(verify.printed)")
                #expect(bundle.manifest.mustCollect.contains { $0.reason?.contains("--max-size") == true })
            }
            #expect(smallest > 0, "none was small enough")
        }
    }
}
