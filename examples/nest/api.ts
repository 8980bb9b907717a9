// Who somebody is: a controller that knows nothing of tokens, and a service that asks Microsoft Graph as whoever called.
import { Controller, Get, Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { clientSecret, createWebApi } from 'midtier'
import { currentCaller, runWithCaller } from 'midtier/context'
import { MidtierModule, Protect, Public, serveHealth } from 'midtier/nest'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
  runWithCaller,
})

declare module 'midtier' {
  interface Register {
    api: typeof api
  }
}

interface Person {
  readonly displayName: string
  readonly jobTitle: string | null
}

@Injectable()
class Profiles {
  async mine(): Promise<string> {
    const graph = currentCaller().downstream('graph')
    const { displayName, jobTitle } = await graph.getJson<Person>('me')
    return `${displayName}, ${jobTitle ?? 'no title'}`
  }
}

@Controller()
@Protect({ scopes: ['access_as_user'] })
class ProfileController {
  constructor(private readonly profiles: Profiles) {}

  @Get('profile')
  async profile(): Promise<{ readonly text: string }> {
    return { text: await this.profiles.mine() }
  }

  @Public()
  @Get('about')
  about(): { readonly text: string } {
    return { text: 'Who you are, as Microsoft Graph knows it' }
  }
}

@Module({
  imports: [MidtierModule.forRoot(api)],
  controllers: [ProfileController],
  providers: [Profiles],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] })
app.use(serveHealth(api))
app.enableShutdownHooks()
await app.listen(Number(PORT), '127.0.0.1')
console.log(await app.getUrl())
