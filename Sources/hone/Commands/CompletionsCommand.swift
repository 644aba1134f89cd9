import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completion script of a shell.",
        discussion: """
            bash: hone completions bash | sudo tee /usr/share/bash-completion/completions/hone
            zsh:  hone completions zsh > "${fpath[1]}/_hone"
            fish: hone completions fish > ~/.config/fish/completions/hone.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() {
        let script =
            switch shell {
            case .bash: Hone.completionScript(for: .bash)
            case .zsh: Hone.completionScript(for: .zsh)
            case .fish: Hone.completionScript(for: .fish)
            }
        print(script)
    }
}
