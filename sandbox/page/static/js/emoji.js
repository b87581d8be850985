/* Emoji: the few that the page offers itself, and those that bots name. */

export const OFFERED = ["👍", "❤️", "😂", "🎉", "😮", "🔥", "👀", "🙏", "🍅", "⭐", "✅", "❌"];

/** An emoji as text: the character, or for a server's own one its name. */
export const emojiText = (emoji) => (emoji.id ? `:${emoji.name}:` : emoji.name);
