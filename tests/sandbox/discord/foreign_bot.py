"""A bot that knows nothing of the sandbox: plain discord.py, written only for these tests."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import discord
from discord import app_commands
from PIL import Image


def png(side: int = 32) -> bytes:
    """A small square picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(buffer, "PNG")
    return buffer.getvalue()


class Lights(discord.ui.View):
    """Legacy components: a button, a select, a link."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.Button(label="Manual", url="https://example.org/manual"))

    @discord.ui.button(label="Light", custom_id="light")
    async def light(self, interaction: discord.Interaction, _: discord.ui.Button[Lights]) -> None:
        await interaction.response.edit_message(content="lit")

    @discord.ui.button(label="Name it", custom_id="name")
    async def name(self, interaction: discord.Interaction, _: discord.ui.Button[Lights]) -> None:
        await interaction.response.send_modal(Naming())

    @discord.ui.select(
        custom_id="colour",
        options=[discord.SelectOption(label="Red"), discord.SelectOption(label="Green")],
    )
    async def colour(
        self, interaction: discord.Interaction, select: discord.ui.Select[Lights]
    ) -> None:
        await interaction.response.send_message(f"now {select.values[0]}", ephemeral=True)


class Naming(discord.ui.Modal, title="Name the lighthouse"):
    """Every kind of field that discord.py can put into a modal, as far as five fit."""

    name: discord.ui.Label[Any] = discord.ui.Label(
        text="Name", component=discord.ui.TextInput(custom_id="name", max_length=40)
    )
    keeper: discord.ui.Label[Any] = discord.ui.Label(
        text="Keeper", component=discord.ui.UserSelect(custom_id="keeper")
    )
    plan: discord.ui.Label[Any] = discord.ui.Label(
        text="Plan", component=discord.ui.FileUpload(custom_id="plan", required=False)
    )
    shape: discord.ui.Label[Any] = discord.ui.Label(
        text="Shape",
        component=discord.ui.RadioGroup(
            custom_id="shape",
            options=[discord.RadioGroupOption(label=n, value=n) for n in ("round", "square")],
        ),
    )
    lamp: discord.ui.Label[Any] = discord.ui.Label(
        text="Lamp", component=discord.ui.Checkbox(custom_id="lamp")
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        fields = (self.name, self.keeper, self.plan, self.shape, self.lamp)
        name, keeper, plan, shape, lamp = (field.component for field in fields)
        assert isinstance(name, discord.ui.TextInput)
        assert isinstance(keeper, discord.ui.UserSelect)
        assert isinstance(plan, discord.ui.FileUpload)
        assert isinstance(shape, discord.ui.RadioGroup)
        assert isinstance(lamp, discord.ui.Checkbox)
        files = [f"{file.filename}:{len(await file.read())}" for file in plan.values]
        await interaction.response.send_message(
            f"{name.value} {keeper.values[0].id} {files} {shape.value} {lamp.value}"
        )


class Card(discord.ui.LayoutView):
    """Components V2 with files."""

    def __init__(self, *names: str) -> None:
        super().__init__(timeout=None)
        gallery = discord.ui.MediaGallery[Card]()
        for name in names:
            gallery.add_item(media=f"attachment://{name}", description="a teal square")
        again = discord.ui.Button[Card](label="Again", custom_id="again")
        again.callback = self.again  # type: ignore[method-assign]
        self.add_item(
            discord.ui.Container(
                discord.ui.TextDisplay("## Done"),
                gallery,
                discord.ui.Separator(),
                discord.ui.ActionRow(again),
                accent_color=0x00AA88,
            )
        )

    async def again(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("again!", ephemeral=True)


class ForeignBot(discord.Client):
    """Slash commands, menus, buttons, modals, files, mentions: what bots commonly do."""

    def __init__(self, *, intents: discord.Intents | None = None) -> None:
        chosen = intents or discord.Intents(guilds=True, messages=True)
        super().__init__(intents=chosen, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[discord.Message] = []
        self.used: list[discord.Interaction] = []
        self._news = asyncio.Event()
        add_commands(self)

    async def setup_hook(self) -> None:
        self.add_view(Lights())
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.used.append(interaction)
        self._news.set()

    async def has(self, *, used: int = 0, heard: int = 0) -> None:
        """Return once so many interactions and messages have arrived."""
        async with asyncio.timeout(20):
            while len(self.used) < used or len(self.heard) < heard:
                self._news.clear()
                await self._news.wait()

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.heard.append(message)
        self._news.set()
        if self.user in message.mentions:
            files = [f"{a.filename} {a.width}x{a.height}" for a in message.attachments]
            await message.reply(f"heard {files}", mention_author=True)


def add_commands(bot: ForeignBot) -> None:
    tree = bot.tree

    @tree.command(description="Answers")
    @app_commands.describe(word="What to say", times="How often", picture="A picture")
    async def echo(
        interaction: discord.Interaction,
        word: str,
        times: app_commands.Range[int, 1, 3] = 1,
        picture: discord.Attachment | None = None,
        whom: discord.Member | None = None,
    ) -> None:
        size = len(await picture.read()) if picture else 0
        person = whom.display_name if whom else "nobody"
        await interaction.response.send_message(f"{word * times} {size} {person}", view=Lights())

    @tree.command(description="Picks a fruit")
    async def fruit(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(name)

    @fruit.autocomplete("name")
    async def names(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        known = ("apple", "apricot", "plum")
        return [app_commands.Choice(name=n, value=n) for n in known if n.startswith(current)]

    @tree.command(description="Thinks, then shows pictures")
    async def draw(interaction: discord.Interaction, private: bool = False) -> None:
        await interaction.response.defer(ephemeral=private)
        files = [discord.File(io.BytesIO(png()), name) for name in ("a.png", "b.png")]
        await interaction.edit_original_response(view=Card("a.png", "b.png"), attachments=files)

    @tree.command(description="Never answers")
    async def silent(_: discord.Interaction) -> None:
        return

    @tree.command(description="Says it twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("first")
        await interaction.followup.send("second")
        await interaction.followup.send("third", ephemeral=True)

    @tree.context_menu(name="Count letters")
    async def count(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(str(len(message.content)), ephemeral=True)

    @tree.context_menu(name="Greet")
    async def greet(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"hello {member.display_name}")

    group = app_commands.Group(name="tower", description="Towers")

    @group.command(description="Opens")
    async def open(interaction: discord.Interaction, floor: int) -> None:  # noqa: A001
        await interaction.response.send_message(f"floor {floor}")

    tree.add_command(group)
